import { z } from 'zod';
import { artefactNameSchema, contentHashSchema, momentSchema } from '../names.ts';

/**
 * What a run is doing. `interrupted`: its process went away without saying so, or the program that started it did;
 * `paused`: a person means to go on with it later and it saved a checkpoint; `stopped`: it ended before its last step, by the
 * guard against diverging losses or because a person has seen enough.
 */
export const runStatuses = [
  'queued',
  'running',
  'paused',
  'interrupted',
  'completed',
  'stopped',
  'failed',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Why a run's last session ended: what the trainer says, or that a person ended the run before its last step. */
export const runEnds = [
  'completed',
  'earlyStopped',
  'timeBudget',
  'paused',
  'guardStopped',
  'stoppedByPerson',
] as const;
export type RunEnd = (typeof runEnds)[number];

/** A word that a person puts on a run to find it again. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, 'A tag has at least one character.')
  .max(40, 'A tag has at most 40 characters.')
  .regex(/^[^,\n]*$/, 'A tag has no comma.');

/** Where a branch began. */
export const runParentSchema = z.strictObject({
  run: z.string(),
  step: z.int().nonnegative(),
  /**
   * `everything`: the branch goes on from the parent's step with its weights, optimizer state and place in the data.
   * `weights`: it begins at step 0 with the parent's weights alone.
   */
  takes: z.enum(['everything', 'weights']),
});
export type RunParent = z.output<typeof runParentSchema>;

/** A run in a list. */
export const runSchema = z.strictObject({
  name: artefactNameSchema,
  status: z.enum(runStatuses),
  /** Why its last session ended, once one did. */
  end: z.enum(runEnds).optional(),
  dataset: z.string(),
  tokenizer: z.string(),
  parameters: z.int().positive(),
  step: z.int().nonnegative(),
  /** Planned optimizer steps, once they are known (a time budget is turned into steps by the calibration). */
  steps: z.int().positive().optional(),
  /** Of a run that was given a time rather than a number of steps. */
  budgetSeconds: z.number().positive().optional(),
  /** Of the last step, in nats per token. */
  loss: z.number().optional(),
  validationLoss: z.number().optional(),
  bestLoss: z.number().optional(),
  bestStep: z.int().nonnegative().optional(),
  elapsedSeconds: z.number(),
  createdAt: momentSchema,
  startedAt: momentSchema.optional(),
  endedAt: momentSchema.optional(),
  /** What went wrong, as a paragraph for a person. */
  error: z.string().optional(),
  /** An estimate while it trains. */
  remainingSeconds: z.number().optional(),
  /** Its place among the runs that wait for their turn; 1 is next. */
  queuePlace: z.int().positive().optional(),
  tags: z.array(z.string()),
  notes: z.string(),
  /** Of a branch. */
  parent: runParentSchema.optional(),
});
export type RunSummary = z.output<typeof runSchema>;

/** The machine that a run trained on. */
export const hardwareSchema = z.strictObject({
  processor: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.int().positive(),
  platform: z.string(),
  architecture: z.string(),
});
export type Hardware = z.output<typeof hardwareSchema>;

/** Everything needed to repeat a run, kept with it and with each of its checkpoints. */
export const provenanceSchema = z.strictObject({
  run: artefactNameSchema,
  seed: z.int(),
  dataset: z.strictObject({
    name: z.string(),
    hash: contentHashSchema,
    sources: z.array(z.strictObject({ name: z.string(), hash: contentHashSchema })),
  }),
  tokenizer: z.strictObject({ name: z.string(), hash: contentHashSchema }),
  /** Hash under which the encoded dataset lies in `tokens/`. */
  tokens: contentHashSchema,
  engine: z.strictObject({ name: z.string(), threads: z.int().positive() }),
  /** Versions of Loam, Node and the engine's library. */
  versions: z.record(z.string(), z.string()),
  hardware: hardwareSchema,
  /** Of a run that began with a model which is no other run's checkpoint, or with another tokenizer's: what it is called. */
  startModel: z.strictObject({ reference: z.string() }).optional(),
  /** Tokens that the model knows, where they are more than its tokenizer has. */
  vocabularySize: z.int().positive().optional(),
  /** The classes that the model tells apart, in the order of its outputs. */
  labels: z.array(z.string()).min(1).optional(),
  /** The checkpoint whose weights it began with, where it is a branch. */
  parent: runParentSchema.optional(),
});
export type Provenance = z.output<typeof provenanceSchema>;
