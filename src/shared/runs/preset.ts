import { z } from 'zod';
import type { RunConfigurationInput } from './configuration.ts';

export const presetSchema = z.strictObject({
  name: z.string(),
  /** What a form calls it, and says of it in a sentence or two. */
  title: z.string(),
  text: z.string(),
  /** One line for a list. */
  summary: z.string(),
  configuration: z.custom<RunConfigurationInput>((value) => typeof value === 'object' && value !== null),
});

/** A named starting point for a run. */
export type Preset = Readonly<z.output<typeof presetSchema>>;
