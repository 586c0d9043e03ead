import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  EvaluationPreview,
  EvaluationSplit,
  EvaluationSummary,
  Familiarity,
  Measurement,
} from '../../../shared/evaluations/evaluation.ts';
import { finiteFigures, finiteOrNull } from '../../../shared/objectives/objective.ts';
import type { DataConfiguration } from '../../../shared/runs/configuration.ts';
import type { EngineName } from '../../../shared/engines/engine.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { objectiveForTasks } from '../../llm/objectives/registry.ts';
import { provenanceOf } from '../checkpoints/checkpoint-provenance.ts';
import type { FoundCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { tokensHash } from '../datasets/encoded-datasets.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../processes/launcher.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import { fromStoredPath, toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { requireUsualEngine } from '../engines/usual-engine.ts';
import { listDatasetSources, type DatasetRow } from '../store/datasets.ts';
import { insertEvaluation, listRequestedEvaluations, parseFigures } from '../store/evaluations.ts';
import type { EvaluationProcedures } from './evaluation-protocol.ts';
import { familiarityOf, hasSameFiles, trainingOverlapOf, partingOf } from './training-overlap.ts';

export interface EvaluateOptions {
  readonly checkpoint: FoundCheckpoint;
  readonly dataset: string;
  /**
   * Default: the validation part of the dataset that the model was trained on, since it has learnt the rest; all of any
   * other dataset, even where the model was trained on some of it: the result's familiarity says so.
   */
  readonly split?: EvaluationSplit;
  /** What is measured. Default: what the model's run learned by, or the first objective that the model can do. */
  readonly objective?: string;
  readonly onProgress?: (progress: TokenShardsProgress) => void;
  /** Says how much was measured, once the text is in tokens. */
  readonly onMeasured?: (progress: EvaluationProcedures['evaluate']['event']) => void;
  /** Told, in a sentence each, what reading the model undid or chose. */
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
  readonly launcher?: Launcher;
  /** Default: the one of the settings. */
  readonly engine?: EngineName;
}

/** Measures a checkpoint on a dataset and keeps the result. */
export async function evaluateCheckpoint(project: Project, options: EvaluateOptions): Promise<Measurement> {
  project.store.requireWritable();
  const dataset = requireDataset(project, options.dataset);
  return withTextsInUse(project, dataset.id, `the evaluation of ${options.checkpoint.label}`, () =>
    evaluateOn(project, dataset, options),
  );
}

async function evaluateOn(
  project: Project,
  dataset: DatasetRow,
  options: EvaluateOptions,
): Promise<Measurement> {
  const { checkpoint, onMeasured, onNotice, signal, launcher = forkLauncher } = options;
  const { run } = checkpoint;
  const measuredBy = options.objective ?? run?.configuration.objective;
  const provenance = await provenanceOf(checkpoint);
  const data = run?.configuration.data ?? partingOf(project, provenance);
  const stop = signal === undefined ? {} : { signal };
  const tokens = await encodeFor(project, dataset, options, measuredBy, data);
  const { objective } = tokens;
  for (const note of tokens.notes) onNotice?.(note);
  const sources = listDatasetSources(project.store, dataset.id).map(({ hash }) => hash);
  const overlap = trainingOverlapOf(provenance, sources, tokens.hash);
  const split = options.split ?? (overlap === 'same' ? 'validation' : 'all');
  // The text that the model learnt from, where it is still at hand in the model's own tokens.
  const trained = provenance === undefined ? undefined : project.paths.tokens(provenance.tokens);
  const baseline =
    trained !== undefined &&
    provenance?.tokenizer.hash === tokens.tokenizer &&
    existsSync(join(trained, 'index.json'))
      ? { baselineTokens: trained }
      : {};
  const input = {
    model: checkpoint.folder,
    tokens: tokens.folder,
    objective,
    split,
    engine: options.engine ?? (await requireUsualEngine('training')),
    threads: await availableThreads(),
    ...baseline,
  };
  const measured = await withWorker(
    launcher('evaluation'),
    'evaluation',
    (worker: WorkerClient<EvaluationProcedures>) =>
      worker.call('evaluate', input, {
        ...stop,
        ...(onMeasured === undefined ? {} : { onEvent: onMeasured }),
      }),
  );
  const { loss, figures, predictions, complete } = measured;
  const bytes = measured.bytes === undefined ? undefined : Math.round(measured.bytes);
  const createdAt = project.clock().toISOString();
  const familiarity = familiarityOf(overlap, split);
  const id = insertEvaluation(project.store, {
    runId: run?.id ?? null,
    step: checkpoint.step ?? null,
    folder: toStoredPath(project.folder, checkpoint.folder),
    datasetId: dataset.id,
    split,
    loss,
    predictions,
    bytes: bytes ?? null,
    complete: complete ? 1 : 0,
    createdAt,
    familiarity,
    objective,
    figuresJson: JSON.stringify(finiteFigures(figures)),
  });
  return {
    id,
    checkpoint: checkpoint.label,
    ...(run === undefined ? {} : { run: run.name }),
    ...(checkpoint.step === undefined ? {} : { step: checkpoint.step }),
    folder: checkpoint.folder,
    dataset: dataset.name,
    split,
    familiarity,
    objective,
    loss,
    figures,
    predictions,
    ...(bytes === undefined ? {} : { bytes }),
    createdAt,
  };
}

/** A dataset's examples for a model, encoded in a worker unless that was done before. */
export function encodeFor(
  project: Project,
  dataset: DatasetRow,
  {
    checkpoint,
    onProgress,
    signal,
    launcher = forkLauncher,
  }: Pick<EvaluateOptions, 'checkpoint' | 'onProgress' | 'signal' | 'launcher'>,
  objective: string | undefined,
  data: DataConfiguration,
): Promise<EvaluationProcedures['encode']['result']> {
  return withWorker(launcher('evaluation'), 'evaluation', (worker: WorkerClient<EvaluationProcedures>) =>
    worker.call(
      'encode',
      {
        project: project.folder,
        datasetId: dataset.id,
        model: checkpoint.folder,
        data,
        ...(objective === undefined ? {} : { objective }),
      },
      {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onEvent: onProgress }),
      },
    ),
  );
}

/** The evaluations that somebody asked for, newest first. */
export function listEvaluations(project: Project): readonly EvaluationSummary[] {
  return listRequestedEvaluations(project.store).map((row) => {
    const folder = fromStoredPath(project.folder, row.folder ?? '');
    return {
      id: row.id,
      checkpoint: nameOf(project, row, folder),
      ...(row.runName === null ? {} : { run: row.runName }),
      ...(row.step === null ? {} : { step: row.step }),
      folder,
      dataset: row.datasetName ?? 'a deleted dataset',
      split: row.split,
      ...(row.familiarity === null ? {} : { familiarity: row.familiarity }),
      objective: row.objective,
      loss: row.loss === null ? null : finiteOrNull(row.loss),
      figures: parseFigures(row.figuresJson),
      predictions: row.predictions,
      ...(row.bytes === null ? {} : { bytes: row.bytes }),
      createdAt: row.createdAt,
    };
  });
}

/** The name by which a measured model is found again. */
function nameOf(
  project: Project,
  { runName, step }: { readonly runName: string | null; readonly step: number | null },
  folder: string,
): string {
  if (runName !== null && step !== null) return `${runName}@${step}`;
  const stored = toStoredPath(project.folder, folder);
  return /^models\/[^/]+$/.test(stored) ? stored : folder;
}

/** What each part of a dataset is to a model, before anything is measured. */
export async function previewEvaluation(
  project: Project,
  checkpoint: FoundCheckpoint,
  name: string,
): Promise<EvaluationPreview> {
  const dataset = requireDataset(project, name);
  const model = await openModelFolder(checkpoint.folder);
  await model.close();
  const provenance = await provenanceOf(checkpoint);
  const data = checkpoint.run?.configuration.data ?? partingOf(project, provenance);
  const sources = listDatasetSources(project.store, dataset.id).map(({ hash }) => hash);
  const tokens = await tokensHash(project, dataset.id, model.tokenizer, data, {
    objective: checkpoint.run?.configuration.objective ?? objectiveForTasks(tasksOf(model.shape)).name,
    labels: model.shape.labels,
    modelFolder: checkpoint.folder,
    contextLength: model.shape.contextLength,
  });
  const overlap = trainingOverlapOf(provenance, sources, tokens);
  const familiarity = (split: EvaluationSplit): Familiarity => familiarityOf(overlap, split);
  return {
    split: overlap === 'same' ? 'validation' : 'all',
    familiarity: {
      validation: familiarity('validation'),
      train: familiarity('train'),
      all: familiarity('all'),
    },
    sameFiles: hasSameFiles(provenance, sources),
  };
}
