import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectSummary } from '../../../shared/projects/project.ts';
import type { RunConfigurationInput } from '../../../shared/runs/configuration.ts';
import { importDataset } from '../datasets/datasets.ts';
import type { JobBoard } from '../jobs/job-board.ts';
import type { Launcher } from '../jobs/launcher.ts';
import { requirePreset } from '../runs/resolve-configuration.ts';
import { createRunAsJob } from '../runs/create-run-as-job.ts';
import { readSettings } from '../settings/settings.ts';
import { startTokenizerTraining } from '../tokenizers/train-tokenizer-job.ts';
import { createProject, type Project } from './projects.ts';

/** What the sample project consists of, by the names that the pages show. */
export const sampleNames = {
  dataset: 'service-desk',
  tokenizer: 'service-desk-words',
  otherTokenizer: 'service-desk-letters',
  firstRun: 'first-model',
  secondRun: 'wider-model',
} as const;

const preset = 'nano';

/**
 * Sized so that two minutes after a first start there is something to look at on every screen: the first run is done in
 * less than a minute on two cores and writes samples on its way, the second then trains while one looks around.
 */
const firstRun: RunConfigurationInput = {
  training: { steps: 400, evaluationInterval: 50, checkpointInterval: 100 },
};
const secondRun: RunConfigurationInput = {
  model: { hiddenSize: 160, heads: 5 },
  training: { steps: 500, evaluationInterval: 50, checkpointInterval: 100 },
};

/** Makes the sample's project, still empty, in a folder: `sample`, or the next free name. */
export async function createSampleProject(projectsFolder: string): Promise<ProjectSummary> {
  for (let count = 1; ; count++) {
    const folder = join(projectsFolder, count === 1 ? 'sample' : `sample-${count}`);
    if (!existsSync(folder)) return createProject(folder);
  }
}

export interface FillSampleOptions {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly studio: { readonly launcher: Launcher };
}

/**
 * Fills the sample project by jobs, each when the one before is done: texts, tokenizers, two runs. Where one fails or is
 * cancelled, the rest is left: the job says why, and the person goes on as she likes.
 */
export async function fillSampleProject(context: FillSampleOptions): Promise<void> {
  const { project, jobs, studio } = context;
  const { dataset, tokenizer, otherTokenizer } = sampleNames;
  await importSamples(context);
  const words = startTokenizerTraining(project, jobs, studio.launcher, {
    name: tokenizer,
    dataset,
    configuration: { kind: 'bpe', vocabularySize: 1024, minimumFrequency: 2 },
  });
  const letters = startTokenizerTraining(project, jobs, studio.launcher, {
    name: otherTokenizer,
    dataset,
    configuration: { kind: 'char', vocabularySize: 1024, minimumFrequency: 2 },
  });
  await Promise.all([words.done, letters.done]);
  for (const [run, values] of [
    [sampleNames.firstRun, firstRun],
    [sampleNames.secondRun, secondRun],
  ] as const) {
    const { done } = await createRunAsJob(context, {
      name: run,
      dataset,
      tokenizer,
      configuration: await sampleConfiguration(values),
      start: true,
    });
    await done;
  }
}

async function importSamples({ project, jobs }: FillSampleOptions): Promise<void> {
  const { dataset } = sampleNames;
  const { done } = jobs.start(
    {
      kind: 'import',
      title: 'Write and import the sample texts',
      subject: { noun: 'dataset', name: dataset },
    },
    async ({ signal, report }) => {
      report({ stage: 'Writing the sample texts' });
      const samples = join(project.folder, 'samples');
      const { writeSamples } = await import('../../../../resources/samples/write.ts');
      await writeSamples(samples);
      await importDataset(project, {
        name: dataset,
        paths: [join(samples, 'documents')],
        signal,
        onProgress: ({ file, done: files, total }) =>
          report({ stage: `Copying ${file}`, done: files, total: Math.max(total, 1) }),
      });
    },
  );
  await done;
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
