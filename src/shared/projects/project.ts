import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** A project: one folder with one SQLite file and its artefacts beside it. */
export const projectSchema = z.strictObject({
  name: z.string(),
  folder: z.string(),
  createdAt: momentSchema,
  /** Version of Loam that made the project. */
  loamVersion: z.string(),
  /** Why it can be looked at and not changed, if that is so, and what helps: two sentences. */
  readingOnly: z.strictObject({ what: z.string(), remedy: z.string() }).optional(),
});

export type ProjectSummary = z.output<typeof projectSchema>;
