import { z } from 'zod';
import type { RunConfigurationInput } from './configuration.ts';

/** A model that a run can begin with, and what the run takes over from it. */
export const startModelCardSchema = z.strictObject({
  /** How a person names it: RUN@step, models/NAME, or a folder. */
  reference: z.string(),
  /** The run's configuration before a person changes it: the model's own settings, and how it is trained carefully. */
  configuration: z.custom<RunConfigurationInput>((value) => typeof value === 'object' && value !== null),
  parameters: z.int().positive(),
  /** Layers, of which the topmost can learn alone; 0 where the architecture has none. */
  layerCount: z.int().nonnegative(),
  /** Tokens that the model sees at once: the longest context of a run that begins with it. */
  contextLength: z.int().positive(),
  /** The places of the model's settings that can differ in the run. */
  adjustable: z.array(z.string()),
  tokenizer: z.strictObject({
    vocabularySize: z.int().positive(),
    /** Its name in the project, where it is there already. */
    name: z.string().optional(),
  }),
});
export type StartModelCard = Readonly<z.output<typeof startModelCardSchema>>;
