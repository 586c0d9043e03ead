import { z } from 'zod';
import type { SettingChange } from './configuration-issue.ts';

/** What can be unusual about a run's curves. */
export const diagnosticKinds = [
  'diverging',
  'overfitting',
  'stalled',
  'learningRateTooHigh',
  'lossSpikes',
  'gradientSpike',
  'worseThanGuessing',
  'slowdown',
  'slowerThanMeasured',
  'validationPartSmall',
] as const;

/** One change of settings, as in a configuration file, that a new run or a branch can be given. */
const settingsChangeSchema = z.strictObject({
  /** The setting's place: training.learningRate. */
  path: z.string(),
  from: z.unknown(),
  to: z.union([z.number(), z.string(), z.boolean()]),
});

const suggestionSchema = z.strictObject({
  change: settingsChangeSchema,
  /** What goes along with it, since the settings would contradict each other otherwise. */
  also: z.array(settingsChangeSchema).optional(),
  /** The step whose checkpoint a branch with this change would best begin with; absent: a new run. */
  branchFrom: z.int().nonnegative().optional(),
});
export type Suggestion = z.output<typeof suggestionSchema>;

/** Something unusual about a run's curves: a person reads it in words that the page has for its kind. */
export const diagnosticSchema = z.strictObject({
  kind: z.enum(diagnosticKinds),
  /** Where in the run it shows. */
  step: z.int().nonnegative(),
  /** The figures that the words name. */
  figures: z.record(z.string(), z.number()),
  suggestion: suggestionSchema.optional(),
});
export type Diagnostic = z.output<typeof diagnosticSchema>;

/** Everything that a suggestion changes in a configuration. A number of steps takes the place of a time. */
export function suggestedChanges({ change, also = [] }: Suggestion): readonly SettingChange[] {
  return [
    ...(change.path === 'training.steps' ? [{ path: 'training.minutes' }] : []),
    ...[change, ...also].map(({ path, to }) => ({ path, value: to })),
  ];
}
