import { z } from 'zod';
import { artefactNameSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import type { RunConfigurationInput } from './configuration.ts';
import { estimateAnswerSchema } from './estimate.ts';
import { startModelCardSchema } from './start-model.ts';

/**
 * A configuration as a person wrote it. What is wrong in it is said by `findConfigurationIssues`, with corrections, rather than
 * by the border's refusal of a malformed call.
 */
const writtenConfigurationSchema = z.custom<RunConfigurationInput>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'A configuration is an object with groups of settings.',
);

const plannedRunSchema = z.strictObject({
  dataset: z.string(),
  /** Default: one that fits the configuration, learnt from the dataset where there is none yet. */
  tokenizer: z.string().optional(),
  /** The model that it begins with: a run, RUN@step, an imported model or a folder. Default: none, parameters are drawn. */
  from: z.string().min(1).max(4096).optional(),
  configuration: writtenConfigurationSchema,
});
export type PlannedRun = z.output<typeof plannedRunSchema>;

/** From an idea to a run in the queue. Part of the noun `runs`. */
export const runCreationContract = {
  /** Opens a model to begin with and says what a run would take over from it. */
  startModel: procedure
    .input(z.strictObject({ reference: z.string().min(1).max(4096) }))
    .output(startModelCardSchema),
  /** What a run would take and give; answers at once, so that it follows typing. */
  estimate: procedure.input(plannedRunSchema).output(estimateAnswerSchema),
  /** Runs the calibration for this very configuration in a process of its own and remembers what it showed. */
  measure: procedure.input(plannedRunSchema).output(z.strictObject({ job: z.int().positive() })),
  /**
   * Prepares a run (tokenizer, encoding) and, with `start`, trains it. Refused before anything is done when the
   * configuration contradicts itself, the text or the machine.
   */
  create: procedure
    .input(
      plannedRunSchema.extend({
        name: artefactNameSchema.optional(),
        /** What a run without a name is called after, with the next free number. */
        baseName: artefactNameSchema.optional(),
        start: z.boolean(),
      }),
    )
    .output(z.strictObject({ job: z.int().positive(), run: z.string() })),
};
