import { z } from 'zod';
import { artefactNameSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import { checkpointSchema, deletionSchema, modelCardSchema, modelSchema } from './checkpoint.ts';

/** A run (its best checkpoint), RUN@step, RUN@best, RUN@last, models/NAME, or a folder. */
const reference = z.string().min(1).max(4096);

export const checkpointsContract = {
  /** A run's checkpoints, earliest first. */
  list: procedure.input(z.strictObject({ run: z.string() })).output(z.array(checkpointSchema)),
  /** Every model of the project: all runs' checkpoints and the imported models, newest first. */
  listAll: procedure.output(z.array(modelSchema)),
  /** What a model's folder says: its configuration, its parts, where it comes from. */
  show: procedure.input(z.strictObject({ reference })).output(modelCardSchema),
  /** Gives a model a name of a person's choice; an empty one takes it away. */
  label: procedure.input(z.strictObject({ reference, label: z.string().trim().max(120) })),
  /** Keeps a run's checkpoint when old ones are cleared away, or no longer. */
  pin: procedure.input(z.strictObject({ reference, pinned: z.boolean() })),
  /** What deleting a model would free, and why it may still be needed. */
  deletion: procedure.input(z.strictObject({ reference })).output(deletionSchema),
  /** Deletes a model. One that may still be needed is refused unless `confirmed`. */
  delete: procedure
    .input(z.strictObject({ reference, confirmed: z.boolean() }))
    .output(z.strictObject({ freedBytes: z.int().nonnegative() })),
  /** Copies a model folder in Hugging Face's form, or a GGUF file, into the project, as a job. */
  import: procedure
    .input(z.strictObject({ folder: z.string().min(1).max(4096), name: artefactNameSchema.optional() }))
    .output(z.strictObject({ job: z.int().positive() })),
};
