import { call } from '@orpc/server';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importInputSchema } from '../../../shared/datasets/import.ts';
import type { ProjectSummary } from '../../../shared/projects/project.ts';
import { projectHeader } from '../../../shared/rpc.ts';
import type { RunConfigurationInput } from '../../../shared/runs/configuration.ts';
import { evaluationsProcedures } from './procedures/evaluations.ts';
import { exportsProcedures } from './procedures/exports.ts';
import { createRunAsJob } from '../training/create-run-as-job.ts';
import { requirePreset } from '../training/resolve-configuration.ts';
import { readSettings } from '../settings/settings.ts';
import { findTrainingJob } from '../store/jobs.ts';
import type { Studio } from '../studio.ts';
import { startTokenizerTraining } from '../tokenizers/train-tokenizer-job.ts';
import { createProject } from '../projects/projects.ts';

/** What the sample project consists of, by the names that the pages show. */
export const sampleNames = {
  dataset: 'service-desk',
  tokenizer: 'service-desk-words',
  otherTokenizer: 'service-desk-letters',
  firstRun: 'first-model',
  secondRun: 'wider-model',
  table: 'tickets',
} as const;

const preset = 'nano';

/** How the sample's two runs differ from their preset. */
type SampleRuns = Readonly<Record<'firstRun' | 'secondRun', RunConfigurationInput>>;

/**
 * Sized so that two minutes after a first start there is something to look at on every screen: the first run is done in
 * less than a minute on two cores and writes samples on its way, the second then trains while one looks around.
 */
const usualRuns = {
  // Long enough that it does clearly better than counting pairs of tokens: with 400 steps it does worse.
  firstRun: { training: { steps: 600, evaluationInterval: 50, checkpointInterval: 100 } },
  secondRun: {
    model: { hiddenSize: 160, heads: 5 },
    training: { steps: 500, evaluationInterval: 50, checkpointInterval: 100 },
  },
} as const satisfies SampleRuns;

/** Makes the sample's project, still empty, in a folder: `sample`, or the next free name. */
export async function createSampleProject(projectsFolder: string): Promise<ProjectSummary> {
  for (let count = 1; ; count++) {
    const folder = join(projectsFolder, count === 1 ? 'sample' : `sample-${count}`);
    if (!existsSync(folder)) return createProject(folder);
  }
}

/**
 * Fills the sample project as a person would, by the procedures that the pages call, each when what it needs is done:
 * texts, tokenizers, two runs, a table, a measurement of each, an export. Where a job fails or is cancelled, what would build on it is left:
 * the job says why, and the person goes on as she likes.
 * @param sampleRuns other sizes of its runs than the usual ones.
 */
export async function fillSampleProject(
  studio: Studio,
  folder: string,
  sampleRuns: SampleRuns = usualRuns,
): Promise<void> {
  const { dataset, tokenizer, otherTokenizer, firstRun, secondRun, table } = sampleNames;
  const { jobs, reading, project } = studio.project(folder);
  const context = { studio, reqHeaders: new Headers({ [projectHeader]: encodeURIComponent(folder) }) };
  const isDone = async (job: number): Promise<boolean> => (await jobs.whenEnded(job)) === 'completed';

  const imported = reading.import(importInputSchema.parse({ name: dataset, sample: 'documents' }));
  if (!(await isDone(imported))) return;
  const learn = (kind: 'bpe' | 'char', name: string): Promise<boolean> => {
    const configuration = { kind, vocabularySize: 1024, minimumFrequency: 2 };
    return isDone(
      startTokenizerTraining(project, jobs, studio.launcher, { name, dataset, configuration }).id,
    );
  };
  const learnt = await Promise.all([learn('bpe', tokenizer), learn('char', otherTokenizer)]);
  if (!learnt.every(Boolean)) return;
  for (const run of ['firstRun', 'secondRun'] as const) {
    const configuration = await sampleConfiguration(sampleRuns[run]);
    const { id } = await createRunAsJob(
      { project, jobs, studio },
      { name: sampleNames[run], dataset, tokenizer, configuration, start: true },
    );
    if (!(await isDone(id))) return;
  }
  reading.import(importInputSchema.parse({ name: table, sample: 'tickets' }));
  // Both found now: the second run's job may be over before the first one's model has been used.
  const trainings = [firstRun, secondRun].map((run) => ({ run, job: findTrainingJob(jobs.list(), run) }));
  for (const { run: checkpoint, job } of trainings) {
    if (job === undefined || !(await isDone(job.id))) return;
    await call(evaluationsProcedures.run, { checkpoint, dataset, split: 'validation' }, { context });
    if (checkpoint === firstRun)
      await call(exportsProcedures.run, { checkpoint, format: 'onnx' }, { context });
  }
}

/** The preset's configuration with other values in places. */
async function sampleConfiguration(values: RunConfigurationInput): Promise<RunConfigurationInput> {
  const { configuration } = requirePreset(preset);
  const { freeCores } = await readSettings();
  return {
    ...configuration,
    model: { ...configuration.model, ...values.model },
    training: { ...configuration.training, ...values.training },
    engine: { freeCores },
  };
}
