import type { Generated } from 'kysely';
import type { ChangingNoun } from '../../../shared/changes/contract.ts';
import type { JobKind, JobStatus, JobSubject } from '../../../shared/jobs/job.ts';
import type { TrainingEnd } from '../../../shared/runs/events.ts';
import type { RunStatus } from '../../../shared/runs/run.ts';

/*
 * The tables as queries see them, after the newest migration. Moments are ISO 8601 in UTC, booleans 0 or 1, and
 * columns named …Json hold JSON whose schema the noun's query file names.
 */

export interface ProjectTable {
  readonly id: 1;
  name: string;
  createdAt: string;
  loamVersion: string;
}

/** A file's bytes, once for each content, at `sources/<hash>`. */
export interface SourceTable {
  hash: string;
  bytes: number;
  encoding: string;
  importedAt: string;
}

export interface DatasetTable {
  id: Generated<number>;
  name: string;
  hash: string;
  createdAt: string;
  /** Set when a newer dataset took the name. The row stays: runs were trained on it and can still be resumed. */
  replacedAt: string | null;
}

export interface DatasetSourceTable {
  datasetId: number;
  position: number;
  sourceHash: string;
  name: string;
}

export interface TokenizerTable {
  id: Generated<number>;
  name: string;
  kind: 'bpe' | 'char' | 'other';
  vocabularySize: number;
  hash: string;
  /** The dataset it was trained on, or null when it was imported. */
  datasetId: number | null;
  settingsJson: string;
  createdAt: string;
}

/** A dataset encoded with a tokenizer, at `tokens/<hash>`. */
export interface TokenSetTable {
  hash: string;
  datasetId: number;
  tokenizerHash: string;
  settingsJson: string;
  trainTokens: number;
  validationTokens: number;
  createdAt: string;
}

export interface RunTable {
  id: Generated<number>;
  name: string;
  status: RunStatus;
  end: TrainingEnd | null;
  datasetId: number;
  tokenizerName: string;
  tokenizerHash: string;
  tokensHash: string;
  parameters: number;
  configurationJson: string;
  provenanceJson: string;
  calibrationJson: string | null;
  step: Generated<number>;
  steps: number | null;
  loss: number | null;
  validationLoss: number | null;
  bestLoss: number | null;
  bestStep: number | null;
  elapsedSeconds: Generated<number>;
  /** The highest sequence number given to a metric, evaluation, sample or event of this run. */
  lastSequence: Generated<number>;
  error: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
}

/** One optimizer step. Sequence numbers run through a run's metrics, evaluations, samples and events together. */
export interface MetricTable {
  runId: number;
  sequence: number;
  step: number;
  loss: number | null;
  learningRate: number;
  gradientNorm: number | null;
  tokens: number;
  tokensPerSecond: number;
  memoryBytes: number;
  elapsedSeconds: number;
  remainingSeconds: number;
}

/** A measurement on validation text: by a run as it trains (with a sequence number), or asked for (without). */
export interface EvaluationTable {
  id: Generated<number>;
  runId: number | null;
  sequence: number | null;
  step: number | null;
  folder: string | null;
  datasetId: number | null;
  split: 'validation' | 'train' | 'all';
  loss: number | null;
  perplexity: number | null;
  bitsPerByte: number | null;
  tokens: number;
  bytes: number | null;
  complete: 0 | 1;
  createdAt: string;
}

export interface SampleTable {
  runId: number;
  sequence: number;
  step: number;
  prompt: string;
  text: string;
}

export interface CheckpointTable {
  runId: number;
  step: number;
  /** Relative to the project. */
  folder: string;
  bytes: number;
  loss: number | null;
  best: 0 | 1;
  createdAt: string;
}

/** What happened in a run, in order. */
export interface EventTable {
  runId: number;
  sequence: number;
  at: string;
  type: string;
  dataJson: string;
}

/** Runs that wait for their turn; the smallest position is next. */
export interface QueueTable {
  runId: number;
  position: number;
  requestedAt: string;
}

/** Long work that a person asked for. Its session is the stay of the host that did it. */
export interface JobTable {
  id: Generated<number>;
  kind: JobKind;
  title: string;
  subjectNoun: JobSubject['noun'] | null;
  subjectName: string | null;
  status: JobStatus;
  progressJson: string | null;
  errorJson: string | null;
  noticesJson: string;
  session: string;
  startedAt: string;
  endedAt: string | null;
}

/** Counts, kept by triggers, of how often what belongs to a noun was written. */
export interface ChangeTable {
  noun: ChangingNoun;
  count: number;
}

export interface Tables {
  project: ProjectTable;
  sources: SourceTable;
  datasets: DatasetTable;
  datasetSources: DatasetSourceTable;
  tokenizers: TokenizerTable;
  tokenSets: TokenSetTable;
  runs: RunTable;
  metrics: MetricTable;
  evaluations: EvaluationTable;
  samples: SampleTable;
  checkpoints: CheckpointTable;
  events: EventTable;
  queue: QueueTable;
  jobs: JobTable;
  changes: ChangeTable;
}
