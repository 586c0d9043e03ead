import { z } from 'zod';

/**
 * What the settings of every model say, whatever its architecture: the part `model` of a run's configuration. The
 * architecture's own settings stand beside these; only its declaration reads them.
 */
export const modelSettingsSchema = z.looseObject({
  /** The name under which the architecture is registered. */
  architecture: z.string(),
  /** Tokens that the model sees at once. */
  contextLength: z.int().positive(),
  /** Share of values dropped at random in training. Absent: the architecture drops none. */
  dropout: z.number().min(0).max(0.9).optional(),
});
export type ModelSettings = Readonly<z.output<typeof modelSettingsSchema>>;
