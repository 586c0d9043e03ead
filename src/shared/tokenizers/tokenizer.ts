import { z } from 'zod';
import { artefactNameSchema, contentHashSchema, momentSchema } from '../names.ts';

export const tokenizerSchema = z.strictObject({
  name: artefactNameSchema,
  kind: z.enum(['bpe', 'char', 'other']),
  vocabularySize: z.int().positive(),
  /** SHA-256 of its tokenizer.json. */
  hash: contentHashSchema,
  /** The dataset it was trained on; absent when it was imported. */
  dataset: artefactNameSchema.optional(),
  folder: z.string(),
  createdAt: momentSchema,
});

export type TokenizerSummary = z.output<typeof tokenizerSchema>;

/** A tokenizer that was taken over from elsewhere. */
export const importedTokenizerSchema = tokenizerSchema.extend({
  /** Sentences: what it is not quite as it was there. */
  notices: z.array(z.string()),
});

export type ImportedTokenizer = z.output<typeof importedTokenizerSchema>;

/** A tokenizer with what a page needs to offer its deletion. */
export const tokenizerDetailsSchema = tokenizerSchema.extend({
  /** The runs whose models read by it; while there are any it stays. */
  runs: z.array(z.string()),
  /** What its files take on the disk. */
  bytes: z.int().nonnegative(),
});

export type TokenizerDetails = z.output<typeof tokenizerDetailsSchema>;
