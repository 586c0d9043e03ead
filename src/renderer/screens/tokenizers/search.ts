import { z } from 'zod';

/** Which of a tokenizer's views is shown. */
export const tokenizerViews = ['try', 'compare', 'vocabulary'] as const;
export type TokenizerView = (typeof tokenizerViews)[number];

/** What the address of the screen says. */
export const tokenizersSearchSchema = z.object({
  tokenizer: z.string().optional().catch(undefined),
  view: z.enum(tokenizerViews).optional().catch(undefined),
  /** The tokenizer to compare with. */
  with: z.string().optional().catch(undefined),
  /** The form for a new one is open, for this dataset where one is named. */
  train: z
    .union([z.literal(true), z.string()])
    .optional()
    .catch(undefined),
});
export type TokenizersSearch = z.output<typeof tokenizersSearchSchema>;
