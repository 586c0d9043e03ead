import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** A project: one folder with one SQLite file and its artefacts beside it. */
export const projectSchema = z.strictObject({
  name: z.string(),
  folder: z.string(),
  createdAt: momentSchema,
  /** Version of Loam that made the project. */
  loamVersion: z.string(),
});

export type ProjectSummary = z.output<typeof projectSchema>;
