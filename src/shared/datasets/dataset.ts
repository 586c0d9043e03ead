import { z } from 'zod';
import { artefactNameSchema, contentHashSchema, momentSchema } from '../names.ts';

/** One file of a dataset, copied into the project under its content hash. */
export const datasetSourceSchema = z.strictObject({
  /** The name under which the person gave it; with `/` where a folder was given. */
  name: z.string(),
  hash: contentHashSchema,
  bytes: z.int().nonnegative(),
  encoding: z.string(),
});

export const datasetSchema = z.strictObject({
  name: artefactNameSchema,
  /** Hash over the sources' hashes and names, in order: two datasets of the same hash hold the same text. */
  hash: contentHashSchema,
  files: z.int().positive(),
  bytes: z.int().nonnegative(),
  createdAt: momentSchema,
});

export const datasetDetailsSchema = datasetSchema.extend({
  sources: z.array(datasetSourceSchema),
  /** Names of the tokenizers trained on it and the runs that use it. */
  tokenizers: z.array(z.string()),
  runs: z.array(z.string()),
});

export type DatasetSource = z.output<typeof datasetSourceSchema>;
export type DatasetSummary = z.output<typeof datasetSchema>;
export type DatasetDetails = z.output<typeof datasetDetailsSchema>;
