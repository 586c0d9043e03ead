import { z } from 'zod';
import { artefactNameSchema, contentHashSchema, momentSchema } from '../names.ts';
import type { TrainingEnd } from './events.ts';

/**
 * What a run is doing. `interrupted`: its process went away without saying so, or the program that started it did;
 * `paused`: a person stopped it and it saved a checkpoint; `stopped`: the guard against diverging losses ended it.
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

export const trainingEnds = [
  'completed',
  'earlyStopped',
  'timeBudget',
  'paused',
  'guardStopped',
] as const satisfies readonly TrainingEnd[];

/** A run in a list. */
export const runSchema = z.strictObject({
  name: artefactNameSchema,
  status: z.enum(runStatuses),
  /** Why its last session ended, once one did. */
  end: z.enum(trainingEnds).optional(),
  dataset: z.string(),
  tokenizer: z.string(),
  parameters: z.int().positive(),
  step: z.int().nonnegative(),
  /** Planned optimizer steps, once they are known (a time budget is turned into steps by the calibration). */
  steps: z.int().positive().optional(),
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
});
export type Provenance = z.output<typeof provenanceSchema>;
