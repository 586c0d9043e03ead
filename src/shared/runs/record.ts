import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { figureValuesSchema } from '../objectives/objective.ts';

const step = z.int().nonnegative();

/** What happened in a run, besides its single steps. */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), process: z.int() }),
  z.object({ type: z.literal('ended'), status: z.string(), message: z.string().optional() }),
  z.object({
    type: z.literal('calibrated'),
    calibration: z.object({ microBatchSize: z.int(), steps: z.int(), secondsPerStep: z.number() }),
  }),
  z.object({
    type: z.literal('replanned'),
    step,
    from: z.int().positive(),
    steps: z.int().positive(),
    minutes: z.number().positive(),
  }),
  z.object({ type: z.literal('resumed'), step }),
  z.object({
    type: z.literal('checkpoint'),
    step,
    best: z.boolean(),
    loss: z.number().nullish(),
    bytes: z.number(),
  }),
  z.object({ type: z.literal('checkpointRemoved'), step }),
  z.object({ type: z.literal('rolledBack'), step, toStep: step, reason: z.string() }),
  z.object({ type: z.literal('notice'), step, message: z.string() }),
]);

export const recordKinds = ['sample', 'evaluated', 'event'] as const;
export type RecordKind = (typeof recordKinds)[number];

const sequence = z.int().positive();

/** One entry of a run's record. Sequence numbers run through all kinds together. */
export const recordEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample'), sequence, step, prompt: z.string(), text: z.string() }),
  z.strictObject({
    kind: z.literal('evaluated'),
    sequence,
    step,
    at: momentSchema,
    loss: z.number().nullable(),
    figures: figureValuesSchema,
    complete: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('event'), sequence, at: momentSchema, event: runEventSchema }),
]);
export type RecordEntry = z.output<typeof recordEntrySchema>;

export const recordInputSchema = z.strictObject({
  run: z.string(),
  /** Default: all. */
  kinds: z.array(z.enum(recordKinds)).min(1).optional(),
  /** Entries after this sequence number, the earliest first. */
  after: z.int().nonnegative().optional(),
  /** Without `after`: entries before this sequence number, the newest first. Default: from the newest. */
  before: z.int().positive().optional(),
  limit: z.int().positive().max(500).default(100),
});

export const recordSchema = z.strictObject({
  entries: z.array(recordEntrySchema),
  /** Whether there are more beyond the last entry given. */
  more: z.boolean(),
  /** The sequence number of the newest entry that there is, of whatever kind, steps included. */
  upTo: z.int().nonnegative(),
});
