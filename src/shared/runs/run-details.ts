import { z } from 'zod';
import { checkpointSchema } from '../checkpoints/checkpoint.ts';
import { figureValuesSchema } from '../objectives/objective.ts';
import { calibrationSchema } from './calibration.ts';
import { runConfigurationSchema } from './configuration.ts';
import { provenanceSchema, runSchema } from './run.ts';

/** Everything about one run but its measurements. */
export const runDetailsSchema = runSchema.extend({
  configuration: runConfigurationSchema,
  provenance: provenanceSchema,
  calibration: calibrationSchema.optional(),
  checkpoints: z.array(checkpointSchema),
  /** Branches that began with one of its checkpoints. */
  branches: z.array(z.strictObject({ run: z.string(), step: z.int().nonnegative() })),
  /** Of the last step. */
  tokensPerSecond: z.number().optional(),
  memoryBytes: z.number().optional(),
  /** What the last evaluation measured besides the loss. */
  figures: figureValuesSchema,
  /** The process that trains it or waits with it. */
  process: z.int().optional(),
});
export type RunDetails = z.output<typeof runDetailsSchema>;
