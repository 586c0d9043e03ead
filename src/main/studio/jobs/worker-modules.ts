/**
 * The kinds of worker process, and the module that each is, below `src/main`. The desktop application's build makes a
 * bundle of each from this list.
 */
export const workerModules = {
  /** Imports files, and answers questions about the documents of datasets. */
  documents: 'studio/datasets/documents-worker.ts',
  /** Trains one run. */
  training: 'studio/jobs/training-worker.ts',
  /** Evaluates and exports models. */
  model: 'studio/jobs/model-worker.ts',
  /** Learns tokenizers, encodes datasets, measures configurations. */
  preparation: 'studio/jobs/preparation-worker.ts',
  /** Writes text with a model. */
  writing: 'studio/writing/writing-worker.ts',
  /** Tries an engine for the first time. */
  engine: 'studio/engines/engine-worker.ts',
  /** Reads everything in a project and compares it with its hashes; mends it. */
  integrity: 'studio/integrity/integrity-worker.ts',
} as const satisfies Readonly<Record<string, string>>;

export type WorkerKind = keyof typeof workerModules;

/**
 * Megabytes of JavaScript's own memory that a kind of worker may take: what reads files from elsewhere must not take all of
 * the machine's. Weights and engines lie outside of it. A worker that needs more is ended, and who asked is told.
 */
export const workerHeapMegabytes: Readonly<Record<WorkerKind, number>> = {
  documents: 2048,
  training: 4096,
  model: 4096,
  preparation: 4096,
  writing: 2048,
  engine: 2048,
  integrity: 4096,
};
