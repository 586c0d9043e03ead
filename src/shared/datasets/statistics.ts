import { z } from 'zod';

const count = z.int().nonnegative();

/** What a set of documents is like. */
export const documentStatisticsSchema = z.strictObject({
  documents: count,
  characters: count,
  words: count,
  /** Documents whose text an earlier one has to the letter. */
  duplicates: count,
  empty: count,
  suspicious: count,
  edited: count,
  /** Characters of the shortest, the middle and the longest document, and of those at 5% and 95%. */
  lengths: z.strictObject({ shortest: count, low: count, median: count, high: count, longest: count }),
  /** Documents by length: each bar counts those of `from` ≤ characters < `to`; bars double in width. */
  histogram: z.array(z.strictObject({ from: count, to: count, documents: count })),
  /** Most frequent first; `und` where a document is too short to tell. */
  languages: z.array(z.strictObject({ language: z.string(), documents: count })),
  /** Most frequent first, at most 100; empty where no column is a label. */
  labels: z.array(z.strictObject({ label: z.string(), documents: count })),
  /** How many different labels there are. */
  differentLabels: count,
  /** By file, in the dataset's order, at most 1000. */
  sources: z.array(z.strictObject({ name: z.string(), documents: count, characters: count })),
});
export type DocumentStatistics = z.output<typeof documentStatisticsSchema>;

export const datasetStatisticsSchema = z.strictObject({
  version: z.string(),
  /** As the sources give them. */
  before: documentStatisticsSchema,
  /** After the recipe: what a model learns from. */
  after: documentStatisticsSchema,
  /** Files by encoding, as it was found at import. */
  encodings: z.array(z.strictObject({ encoding: z.string(), files: count })),
});
export type DatasetStatistics = z.output<typeof datasetStatisticsSchema>;

/** How many tokens a dataset is, after its recipe. */
export const tokenCountSchema = z.strictObject({
  version: z.string(),
  tokenizer: z.string(),
  tokens: count,
  /** Whether every document was encoded; else `tokens` is an estimate from a sample. */
  exact: z.boolean(),
  /** Documents encoded for it. */
  sampled: count,
  tokensPerWord: z.number().nullable(),
  bytesPerToken: z.number().nullable(),
});
export type TokenCount = z.output<typeof tokenCountSchema>;
