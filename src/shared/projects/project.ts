import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** A store that lost its write-ahead log, or in whose place is an older copy. */
export const storeLossSchema = z.strictObject({
  /** When that was found, the last time. */
  foundAt: momentSchema,
  /** How many changes of rows are missing. */
  changes: z.int().positive(),
  /** What lies in the folder and is not in the store: "checkpoint nano-1@200". */
  unknown: z.array(z.string()),
});
export type StoreLoss = z.output<typeof storeLossSchema>;

/** A project: one folder with one SQLite file and its artefacts beside it. */
export const projectSchema = z.strictObject({
  name: z.string(),
  folder: z.string(),
  createdAt: momentSchema,
  /** Version of Loam that made the project. */
  loamVersion: z.string(),
  /** Why it can be looked at and not changed, if that is so, and what helps: two sentences. */
  readingOnly: z.strictObject({ what: z.string(), remedy: z.string() }).optional(),
  /** What its store was found to lack when it was opened, until that is accepted. */
  lacks: storeLossSchema.optional(),
});

export type ProjectSummary = z.output<typeof projectSchema>;
