import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';
import type { Calibration } from './events.ts';

/** A calibration as it is stored with a run. */
export const calibrationSchema = z.strictObject({
  microBatchSize: z.int().positive(),
  lossChunks: z.int().positive(),
  steps: z.int().positive(),
  secondsPerStep: z.number(),
  memoryBytes: z.number(),
  candidates: z
    .array(
      z.strictObject({
        microBatchSize: z.int().positive(),
        secondsPerStep: z.number(),
        memoryBytes: z.number(),
      }),
    )
    .readonly(),
  secondsPerEvaluatedToken: z.number().optional(),
  changes: z
    .array(
      z.strictObject({ step: z.int().positive(), steps: z.int().positive(), secondsPerStep: z.number() }),
    )
    .readonly()
    .optional(),
  engine: z.enum(engineNames).optional(),
  device: z.enum(['cpu', 'gpu']).optional(),
  keepsPlan: z.boolean().optional(),
}) satisfies z.ZodType<Calibration>;
