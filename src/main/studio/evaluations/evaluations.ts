import type {
  EvaluationSplit,
  EvaluationSummary,
  Measurement,
} from '../../../shared/evaluations/evaluation.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import type { FoundCheckpoint } from '../checkpoints/checkpoints.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { availableThreads } from '../hardware/hardware.ts';
import { forkLauncher, type Launcher } from '../jobs/launcher.ts';
import type { ModelProcedures } from '../jobs/model-protocol.ts';
import { startWorker } from '../jobs/worker-client.ts';
import { fromStoredPath, toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { listDatasetSources } from '../store/datasets.ts';
import { insertEvaluation, listRequestedEvaluations } from '../store/evaluations.ts';
import { familiarityOf, kinshipOf, partingOf, provenanceOf } from './known-text.ts';

export interface EvaluateOptions {
  readonly checkpoint: FoundCheckpoint;
  readonly dataset: string;
  /**
   * Default: the validation part of the dataset that the model was trained on, since it has learnt the rest; all of any
   * other dataset, even where the model was trained on some of it: the result's familiarity says so.
   */
  readonly split?: EvaluationSplit;
  readonly onProgress?: (progress: TokenShardsProgress) => void;
  readonly signal?: AbortSignal;
  readonly launcher?: Launcher;
}

/** Measures a checkpoint on a dataset and keeps the result. */
export async function evaluateCheckpoint(project: Project, options: EvaluateOptions): Promise<Measurement> {
  const { checkpoint, dataset: name, onProgress, signal, launcher = forkLauncher } = options;
  const { run } = checkpoint;
  const dataset = requireDataset(project, name);
  const model = await openModelFolder(checkpoint.folder);
  await model.close();
  const provenance = await provenanceOf(checkpoint);
  const data = run?.configuration.data ?? partingOf(project, provenance);
  const stop = signal === undefined ? {} : { signal };
  const tokens = await encodeDataset(project, dataset.id, model.tokenizer, data, {
    ...stop,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const sources = listDatasetSources(project.store, dataset.id).map(({ hash }) => hash);
  const kinship = kinshipOf(provenance, sources, tokens.hash);
  const split = options.split ?? (kinship === 'same' ? 'validation' : 'all');
  const worker = startWorker<ModelProcedures>(launcher('model'), 'evaluation');
  try {
    const {
      loss,
      perplexity,
      bitsPerByte,
      tokens: count,
      bytes,
      complete,
    } = await worker.call(
      'evaluate',
      { model: checkpoint.folder, tokens: tokens.folder, split, threads: await availableThreads() },
      stop,
    );
    const createdAt = project.clock().toISOString();
    insertEvaluation(project.store, {
      runId: run?.id ?? null,
      step: checkpoint.step ?? null,
      folder: toStoredPath(project.folder, checkpoint.folder),
      datasetId: dataset.id,
      split,
      loss,
      perplexity,
      bitsPerByte,
      tokens: count,
      bytes: Math.round(bytes),
      complete: complete ? 1 : 0,
      createdAt,
    });
    return {
      ...(run === undefined ? {} : { run: run.name }),
      ...(checkpoint.step === undefined ? {} : { step: checkpoint.step }),
      folder: checkpoint.folder,
      dataset: name,
      split,
      familiarity: familiarityOf(kinship, split),
      loss,
      perplexity,
      bitsPerByte,
      tokens: count,
      bytes: Math.round(bytes),
      createdAt,
    };
  } finally {
    await worker.close();
  }
}

/** The evaluations that somebody asked for, newest first. */
export function listEvaluations(project: Project): readonly EvaluationSummary[] {
  return listRequestedEvaluations(project.store).map((row) => ({
    ...(row.runName === null ? {} : { run: row.runName }),
    ...(row.step === null ? {} : { step: row.step }),
    folder: fromStoredPath(project.folder, row.folder ?? ''),
    dataset: row.datasetName ?? 'a deleted dataset',
    split: row.split,
    loss: row.loss ?? Number.NaN,
    perplexity: row.perplexity ?? Number.NaN,
    bitsPerByte: row.bitsPerByte ?? Number.NaN,
    tokens: row.tokens,
    bytes: row.bytes ?? 0,
    createdAt: row.createdAt,
  }));
}
