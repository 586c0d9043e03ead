import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';

/** How a text is written, as a person or a program asks for it. */
export const generationSettingsSchema = z.strictObject({
  prompt: z.string().default('').describe('Text to go on from. Empty: the start of a document.'),
  maximumTokens: z.int().min(0).default(256).describe('Tokens written at most.'),
  temperature: z
    .number()
    .min(0)
    .default(0.8)
    .describe('How boldly tokens are drawn: 0 always takes the likeliest, 1 draws as the model was trained.'),
  topK: z.int().min(0).default(0).describe('Only the k likeliest tokens are drawn from. 0: all.'),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Only the likeliest tokens that together have this probability are drawn from. 1: all.'),
  minimumP: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Only tokens at least this fraction as likely as the likeliest are drawn from. 0: all.'),
  repetitionPenalty: z
    .number()
    .positive()
    .default(1)
    .describe('Above 1, tokens that occurred already become less likely. 1: no change.'),
  stop: z.array(z.string().min(1)).default([]).describe('Texts that end the writing; they are not shown.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe('Start of the random numbers. The same seed writes the same text.'),
});

export type GenerationSettings = z.output<typeof generationSettingsSchema>;
export type GenerationSettingsInput = z.input<typeof generationSettingsSchema>;

/** Fills in what is left open. @throws LoamError naming the settings that are out of range. */
export function resolveGenerationSettings(input: GenerationSettingsInput): GenerationSettings {
  const result = generationSettingsSchema.safeParse(input);
  if (result.success) return result.data;
  throw new LoamError({
    kind: 'misuse',
    where: 'generation settings',
    what: `${result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}.`,
    remedy: 'Give values in these ranges.',
  });
}
