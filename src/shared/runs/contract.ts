import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';
import { artefactNameSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import { runCreationContract } from './creation-contract.ts';
import { metricsInputSchema, metricsSchema } from './metrics.ts';
import { recordInputSchema, recordSchema } from './record.ts';
import { diagnosticSchema } from './diagnostic.ts';
import { runDetailsSchema } from './run-details.ts';
import { runParentSchema, runSchema, tagSchema } from './run.ts';

const reference = z.strictObject({ name: z.string() });
const startedJob = z.strictObject({ job: z.int().positive() });

export const runsContract = {
  ...runCreationContract,

  /** All runs, newest first. */
  list: procedure.output(z.array(runSchema)),
  show: procedure.input(reference).output(runDetailsSchema),

  /**
   * Trains a run that waits, or goes on with one from its last checkpoint, as a job. While another run trains on this
   * machine, it waits for its turn. With an engine, that one computes from here on.
   */
  start: procedure.input(reference.extend({ engine: z.enum(engineNames).optional() })).output(startedJob),
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
  /** What is unusual about a run's curves, in words. */
  diagnostics: procedure.input(reference).output(z.array(diagnosticSchema)),
  /** Several runs side by side. */
  compare: procedure.input(z.strictObject({ names: z.array(z.string()).min(2).max(12) })).output(
    z.strictObject({
      runs: z.array(runDetailsSchema),
      /** The settings in which they differ, with each run's value in the runs' order; null where it has none. */
      differences: z.array(z.strictObject({ path: z.string(), values: z.array(z.unknown()) })),
    }),
  ),

  /** A new run that begins with a checkpoint of this one, and trains as a job. */
  branch: procedure
    .input(
      z.strictObject({
        run: z.string(),
        step: z.int().nonnegative(),
        /** Default: the run's name with the next free number. */
        name: artefactNameSchema.optional(),
        takes: runParentSchema.shape.takes.default('everything'),
        /** Settings that differ from the parent's, as in a configuration file. */
        changes: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .output(z.strictObject({ name: z.string(), job: z.int().positive() })),

  rename: procedure.input(z.strictObject({ name: z.string(), to: artefactNameSchema })),
  /** Puts tags on a run and takes others off; those that another window changes meanwhile stay as it has them. */
  changeTags: procedure.input(
    z.strictObject({
      name: z.string(),
      add: z.array(tagSchema).max(20).default([]),
      remove: z.array(z.string()).max(20).default([]),
    }),
  ),
  /** Replaces a run's note. Refused when it is no longer the one that the writer saw (`base`). */
  setNotes: procedure.input(
    z.strictObject({ name: z.string(), notes: z.string().max(20_000), base: z.string().max(20_000) }),
  ),
  /** What deleting a run would free. */
  size: procedure.input(reference).output(z.strictObject({ bytes: z.number() })),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
