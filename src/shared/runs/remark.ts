import { z } from 'zod';

/** What can be unusual about a run's curves. */
export const remarkKinds = [
  'diverging',
  'overfitting',
  'stalled',
  'learningRateTooHigh',
  'worseThanGuessing',
  'validationPartSmall',
] as const;

/** One change of settings, as in a configuration file, that a new run or a branch can be given. */
const settingsChangeSchema = z.strictObject({
  /** The setting's place: training.learningRate. */
  path: z.string(),
  from: z.unknown(),
  to: z.union([z.number(), z.string(), z.boolean()]),
});

/** Something unusual about a run's curves: a person reads it in words that the page has for its kind. */
export const remarkSchema = z.strictObject({
  kind: z.enum(remarkKinds),
  /** Where in the run it shows. */
  step: z.int().nonnegative(),
  /** The figures that the words name. */
  figures: z.record(z.string(), z.number()),
  suggestion: z
    .strictObject({
      change: settingsChangeSchema,
      /** The step whose checkpoint a branch with this change would best begin with; absent: a new run. */
      branchFrom: z.int().nonnegative().optional(),
    })
    .optional(),
});
export type Remark = z.output<typeof remarkSchema>;
