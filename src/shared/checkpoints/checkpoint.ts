import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** A checkpoint that a run keeps. */
export const checkpointSchema = z.strictObject({
  run: z.string(),
  step: z.int().nonnegative(),
  folder: z.string(),
  bytes: z.int().nonnegative(),
  /** Validation loss in nats per token, where it was measured at this step. */
  loss: z.number().optional(),
  best: z.boolean(),
  createdAt: momentSchema,
});

export type CheckpointSummary = z.output<typeof checkpointSchema>;
