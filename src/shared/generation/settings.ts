import { z } from 'zod';

/** How many alternatives of a written token may be asked for. */
export const mostAlternatives = 10;

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
  alternatives: z
    .int()
    .min(0)
    .max(mostAlternatives)
    .optional()
    .describe(
      'Reports each written token’s probability and this many of the likeliest tokens. Absent: nothing.',
    ),
});

export type GenerationSettings = z.output<typeof generationSettingsSchema>;
export type GenerationSettingsInput = z.input<typeof generationSettingsSchema>;

/** Why the writing ended: the tokens asked for were written, the text ended, a stop text came, or it was stopped. */
export const generationEnds = ['length', 'endOfText', 'stop', 'cancelled'] as const;
export type GenerationEnd = (typeof generationEnds)[number];

/** A token that was written, and what might have been. */
export const writtenTokenSchema = z.strictObject({
  /** The characters that it added to the text; empty while a character's bytes are incomplete. */
  text: z.string(),
  /** As the model gave it, before temperature and the other sampling settings; from 0 to 1. */
  probability: z.number(),
  /** The likeliest tokens at this place, likeliest first, whether or not one of them was drawn. */
  alternatives: z.array(z.strictObject({ text: z.string(), probability: z.number() })),
});
export type WrittenToken = z.output<typeof writtenTokenSchema>;
