import type { Generated } from 'kysely';
import type { ChatMode, ReplyStatus } from '../../../shared/chats/chat.ts';
import type { ChangingNoun } from '../../../shared/changes/contract.ts';
import type { Familiarity } from '../../../shared/evaluations/evaluation.ts';
import type { ExportFormat } from '../../../shared/exports/export.ts';
import type { GenerationEnd } from '../../../shared/generation/settings.ts';
import type { JobKind, JobStatus, JobSubject } from '../../../shared/jobs/job.ts';
import type { RunEnd, RunStatus } from '../../../shared/runs/run.ts';

/*
 * The tables as queries see them, after the newest migration. Moments are ISO 8601 in UTC, booleans 0 or 1, and
 * columns named …Json hold JSON whose schema the noun's query file names.
 */

export interface ProjectTable {
  readonly id: 1;
  name: string;
  createdAt: string;
  loamVersion: string;
  /** Random; tells the project from another in its place. */
  identity: Generated<string | null>;
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
  /** The state of its recipe that holds; 0 is the empty recipe. */
  recipePosition: Generated<number>;
  /** After the recipe; null until they are counted. */
  documents: Generated<number | null>;
  characters: Generated<number | null>;
  words: Generated<number | null>;
  /** When its texts were deleted; what was made from them stays. */
  textsDeletedAt: Generated<string | null>;
}

export interface DatasetSourceTable {
  datasetId: number;
  position: number;
  sourceHash: string;
  name: string;
  /** How its bytes become records; null for what was imported as text or JSON Lines before that was kept. */
  readingJson: Generated<string | null>;
  /** Where it lies, when it was not copied into the project. */
  keptAt: Generated<string | null>;
}

/** A step of recipes, once for all states that hold it. */
export interface RecipeStepTable {
  id: Generated<number>;
  hash: string;
  stepJson: string;
}

/** The states of a dataset's recipe, oldest first: undo goes back in them, redo forward. */
export interface RecipeStateTable {
  datasetId: number;
  position: number;
  /** The numbers of its steps, in order. */
  stepIdsJson: string;
  createdAt: string;
}

/** The recipes of versions of a dataset that something was made from. */
export interface KeptRecipeTable {
  datasetId: number;
  datasetHash: string;
  stepIdsJson: string;
}

/** How many tokens a version of a dataset is, where every document was encoded. */
export interface TokenCountTable {
  datasetId: number;
  datasetHash: string;
  tokenizerHash: string;
  tokens: number;
  bytes: number;
  words: number;
  documents: number;
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

/** A dataset that a token set is of; the first that had it encoded is also in its row. */
export interface TokenSetUseTable {
  hash: string;
  datasetId: number;
}

export interface RunTable {
  id: Generated<number>;
  name: string;
  status: RunStatus;
  end: RunEnd | null;
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
  notes: Generated<string>;
  /** What a person asked the process that trains it for; the process looks here and takes it away. */
  request: 'pause' | 'stop' | null;
  /** Steps up to here are in the summaries of its metrics. */
  summarizedStep: Generated<number>;
}

export interface RunTagTable {
  runId: number;
  tag: string;
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

/**
 * The steps of a bucket taken together: of a run and a size, bucket number b holds the steps after b · size up to
 * (b + 1) · size. Only whole buckets are kept. A sum is over the values that are finite, whose number the count is.
 */
export interface MetricSummaryTable {
  runId: number;
  size: number;
  bucket: number;
  step: number;
  tokens: number;
  elapsedSeconds: number;
  steps: number;
  lossMin: number | null;
  lossMax: number | null;
  lossSum: number;
  lossCount: number;
  lossLast: number | null;
  learningRateMin: number | null;
  learningRateMax: number | null;
  learningRateSum: number;
  learningRateCount: number;
  learningRateLast: number | null;
  gradientNormMin: number | null;
  gradientNormMax: number | null;
  gradientNormSum: number;
  gradientNormCount: number;
  gradientNormLast: number | null;
  tokensPerSecondMin: number | null;
  tokensPerSecondMax: number | null;
  tokensPerSecondSum: number;
  tokensPerSecondCount: number;
  tokensPerSecondLast: number | null;
  memoryBytesMin: number | null;
  memoryBytesMax: number | null;
  memoryBytesSum: number;
  memoryBytesCount: number;
  memoryBytesLast: number | null;
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
  predictions: number;
  bytes: number | null;
  complete: 0 | 1;
  createdAt: string;
  /** What the text was to the model when it was measured; null for a run's own measurements and older ones. */
  familiarity: Familiarity | null;
  /** What it was measured at. */
  objective: Generated<string>;
  /** What else was measured, by name; null for a figure that is no number. */
  figuresJson: string;
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
  /** What a person calls it. */
  label: string | null;
  /** Kept when old checkpoints are cleared away. */
  pinned: Generated<0 | 1>;
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
  /** When somebody who does not do it asked for its end. */
  cancelRequestedAt: string | null;
  startedAt: string;
  endedAt: string | null;
}

/** Counts, kept by triggers, of how often what belongs to a noun was written. */
export interface ChangeTable {
  noun: ChangingNoun;
  count: number;
}

/** A conversation with one checkpoint, or with two side by side. */
export interface ChatTable {
  id: Generated<number>;
  title: string;
  mode: ChatMode;
  checkpointsJson: string;
  settingsJson: string;
  createdAt: string;
  changedAt: string;
}

/** What a person wrote. Turns of one parent are versions of each other; one of them is selected. */
export interface ChatTurnTable {
  id: Generated<number>;
  chatId: number;
  parentId: number | null;
  prompt: string;
  selected: 0 | 1;
  createdAt: string;
}

/** What a model wrote in a turn. Its session is the stay of the host that wrote it. */
export interface ChatReplyTable {
  id: Generated<number>;
  turnId: number;
  side: 0 | 1;
  selected: 0 | 1;
  checkpoint: string;
  settingsJson: string;
  status: ReplyStatus;
  session: string;
  text: string;
  tokensJson: string | null;
  reason: GenerationEnd | null;
  promptTokens: number | null;
  writtenTokens: number | null;
  tokensPerSecond: number | null;
  errorJson: string | null;
  createdAt: string;
}

/** A model folder that was copied into `models/<name>`. */
export interface ImportedModelTable {
  id: Generated<number>;
  name: string;
  label: string | null;
  origin: string;
  bytes: number;
  /** Its kind, as Hugging Face names it. */
  style: string;
  /** What it can be used for: a list of tasks. */
  tasksJson: string;
  parameters: number;
  contextLength: number;
  vocabularySize: number;
  createdAt: string;
}

/** An export that was made; its folder is relative to the project. */
export interface ExportTable {
  id: Generated<number>;
  checkpoint: string;
  format: ExportFormat;
  folder: string;
  bytes: number;
  filesJson: string;
  comparisonJson: string | null;
  createdAt: string;
}

/** Times at which the store was found to be older than it had been (`store/change-mark.ts`). */
export interface StoreLossTable {
  id: Generated<number>;
  foundAt: string;
  /** Changes of rows that were missing. */
  changes: number;
}

/** The outcome of the last look at everything, in one row. */
export interface LastVerificationTable {
  readonly id: 1;
  recordJson: string;
}

export interface Tables {
  project: ProjectTable;
  sources: SourceTable;
  datasets: DatasetTable;
  datasetSources: DatasetSourceTable;
  recipeSteps: RecipeStepTable;
  recipeStates: RecipeStateTable;
  keptRecipes: KeptRecipeTable;
  tokenCounts: TokenCountTable;
  tokenizers: TokenizerTable;
  tokenSets: TokenSetTable;
  tokenSetUses: TokenSetUseTable;
  runs: RunTable;
  runTags: RunTagTable;
  metrics: MetricTable;
  metricSummaries: MetricSummaryTable;
  evaluations: EvaluationTable;
  samples: SampleTable;
  checkpoints: CheckpointTable;
  events: EventTable;
  queue: QueueTable;
  jobs: JobTable;
  changes: ChangeTable;
  chats: ChatTable;
  chatTurns: ChatTurnTable;
  chatReplies: ChatReplyTable;
  importedModels: ImportedModelTable;
  exports: ExportTable;
  storeLosses: StoreLossTable;
  lastVerification: LastVerificationTable;
}
