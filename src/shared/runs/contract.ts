import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { runCreationContract } from './creation-contract.ts';
import { metricsInputSchema, metricsSchema } from './metrics.ts';
import { recordInputSchema, recordSchema } from './record.ts';
import { runDetailsSchema } from './run-details.ts';
import { runSchema, tagSchema } from './run.ts';

const reference = z.strictObject({ name: z.string() });
const startedJob = z.strictObject({ job: z.int().positive() });

export const runsContract = {
  ...runCreationContract,

  /** All runs, newest first. */
  list: procedure.output(z.array(runSchema)),
  show: procedure.input(reference).output(runDetailsSchema),

  /**
   * Trains a run that waits, or goes on with one from its last checkpoint, as a job. While another run trains on this
   * machine, it waits for its turn.
   */
  start: procedure.input(reference).output(startedJob),
  /** Has it save a checkpoint and end its session, to be gone on with later; whichever process trains it. */
  pause: procedure.input(reference),
  /** Has it save a checkpoint and be done before its last step. It can still be gone on with. */
  stop: procedure.input(reference),
  /** Moves a waiting run before another waiting one, or to the front. */
  reorder: procedure.input(z.strictObject({ name: z.string(), before: z.string().optional() })),

  /** Curves for charts, in as many buckets as a chart has room for. */
  metrics: procedure.input(metricsInputSchema).output(metricsSchema),
  /** Samples, evaluations and events, by ranges of sequence numbers. */
  record: procedure.input(recordInputSchema).output(recordSchema),
  /** Several runs side by side. */
  compare: procedure.input(z.strictObject({ names: z.array(z.string()).min(2).max(12) })).output(
    z.strictObject({
      runs: z.array(runDetailsSchema),
      /** The settings in which they differ, with each run's value in the runs' order; null where it has none. */
      differences: z.array(z.strictObject({ path: z.string(), values: z.array(z.unknown()) })),
    }),
  ),

  setTags: procedure.input(z.strictObject({ name: z.string(), tags: z.array(tagSchema).max(20) })),
  setNotes: procedure.input(z.strictObject({ name: z.string(), notes: z.string().max(20_000) })),
  /** What deleting a run would free. */
  size: procedure.input(reference).output(z.strictObject({ bytes: z.number() })),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
