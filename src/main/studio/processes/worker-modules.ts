/**
 * The kinds of worker process, and the module that each is, below `src/main`. The desktop application's build makes a
 * bundle of each from this list.
 */
export const workerModules = {
  /** Imports files, tokenizers and models, and answers questions about them. */
  reading: 'studio/reading/reading-worker.ts',
  /** Trains one run. */
  training: 'studio/training/training-worker.ts',
  /** Prepares runs, and measures configurations. */
  preparation: 'studio/training/preparation-worker.ts',
  /** Learns tokenizers, and compares them. */
  tokenizers: 'studio/tokenizers/tokenizers-worker.ts',
  /** Measures models on a text. */
  evaluation: 'studio/evaluations/evaluation-worker.ts',
  /** Writes models for other programs. */
  export: 'studio/exports/export-worker.ts',
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
  reading: 2048,
  training: 4096,
  preparation: 4096,
  tokenizers: 4096,
  evaluation: 4096,
  export: 4096,
  writing: 2048,
  engine: 2048,
  integrity: 4096,
};
