import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { verdictSchema, type Verdict } from '../../../shared/evaluations/verdict.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { withoutFrame } from '../../llm/tokenizers/load.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { provenanceOf } from '../checkpoints/checkpoint-provenance.ts';
import { findCheckpoint, type FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { requireUsualEngine } from '../engines/usual-engine.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher } from '../processes/launcher.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import type { Project } from '../projects/projects.ts';
import { startFolder } from '../training/start-folder.ts';
import type { EvaluationProcedures } from './evaluation-protocol.ts';
import { encodeFor, type EvaluateOptions } from './evaluations.ts';
import { partingOf } from './training-overlap.ts';

/** Both models answer so many questions where nobody says how many. */
export const usualQuestions = 40;

export interface JudgeOptions extends Pick<
  EvaluateOptions,
  'checkpoint' | 'onProgress' | 'onNotice' | 'signal' | 'launcher' | 'engine'
> {
  /** Default: the dataset that the run trained on. */
  readonly dataset?: string;
  /** What the model is held against. Default: what its run began with. */
  readonly against?: string;
  /** Questions that both answer, at most. */
  readonly questions?: number;
  /** Says how much was measured and answered. */
  readonly onJudged?: (progress: EvaluationProcedures['judge']['event']) => void;
}

/**
 * Says what training changed of a model, on records that were kept aside: the loss of their answers, and what both models
 * answer. The verdict on a run's model is kept in the run's folder.
 * @throws LoamError when there is nothing to hold it against, or the two have not one tokenizer
 */
export async function judgeModel(project: Project, options: JudgeOptions): Promise<Verdict> {
  const {
    checkpoint,
    questions = usualQuestions,
    onNotice,
    onJudged,
    signal,
    launcher = forkLauncher,
  } = options;
  const { run } = checkpoint;
  const dataset = requireDataset(project, options.dataset ?? run?.datasetName ?? '');
  const base = await baseOf(project, checkpoint, options.against);
  await requireOneTokenizer(checkpoint.folder, base.folder);
  const data = run?.configuration.data ?? partingOf(project, await provenanceOf(checkpoint));
  return withTextsInUse(project, dataset.id, `the verdict on ${checkpoint.label}`, async () => {
    const tokens = await encodeFor(project, dataset, options, run?.configuration.objective, data);
    for (const note of tokens.notes) onNotice?.(note);
    const judged = await withWorker(
      launcher('evaluation'),
      'evaluation',
      async (worker: WorkerClient<EvaluationProcedures>) =>
        worker.call(
          'judge',
          {
            model: checkpoint.folder,
            base: base.folder,
            tokens: tokens.folder,
            split: 'validation',
            objective: tokens.objective,
            questions,
            engine: options.engine ?? (await requireUsualEngine('training')),
            threads: await availableThreads(),
          },
          {
            ...(signal === undefined ? {} : { signal }),
            ...(onJudged === undefined ? {} : { onEvent: onJudged }),
          },
        ),
    );
    const verdict: Verdict = {
      model: checkpoint.label,
      base: base.label,
      dataset: dataset.name,
      split: 'validation',
      ...judged,
      createdAt: project.clock().toISOString(),
    };
    if (run !== undefined) await writeJsonAtomically(verdictFile(project, run.name), verdict);
    return verdict;
  });
}

/** The last verdict on a run's model; undefined where there is none that can be read. */
export async function readVerdict(project: Project, run: string): Promise<Verdict | undefined> {
  const text = await readFile(verdictFile(project, run), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return verdictSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const verdictFile = (project: Project, run: string): string => join(project.paths.run(run), 'verdict.json');

/**
 * What a model is held against.
 * @throws LoamError when nothing is named and its run began with none
 */
export async function baseOf(
  project: Project,
  { run, label }: FoundCheckpoint,
  against?: string,
): Promise<Pick<FoundCheckpoint, 'folder' | 'label'>> {
  if (against !== undefined) return findCheckpoint(project, against);
  const folder = run === undefined ? undefined : startFolder(project.paths.run(run.name));
  if (run !== undefined && folder !== undefined && existsSync(folder)) {
    const { startModel, parent } = run.provenance;
    return {
      folder,
      label: startModel?.reference ?? (parent === undefined ? folder : `${parent.run}@${parent.step}`),
    };
  }
  throw new LoamError({
    kind: 'misuse',
    where: label,
    what: 'It began with no model, so that there is none to hold it against.',
    remedy: 'Name one: a run, RUN@step, an imported model or a folder.',
  });
}

async function requireOneTokenizer(model: string, base: string): Promise<void> {
  const hashes: string[] = [];
  for (const folder of [model, base]) {
    const opened = await openModelFolder(folder);
    await opened.close();
    // What a tokenizer puts around texts is not learned from.
    hashes.push(withoutFrame(opened.tokenizer, folder).hash);
  }
  if (hashes[0] === hashes[1]) return;
  throw new LoamError({
    kind: 'input',
    where: base,
    what: 'It has another tokenizer than the model that it is to be compared with, so that their losses are of other tokens.',
    remedy: 'Compare it with the model that it came from.',
  });
}
