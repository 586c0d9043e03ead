import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { exportDeletionSchema, exportFormats, exportPlaceSchema, exportSchema } from './export.ts';

const target = {
  checkpoint: z.string().min(1).max(4096),
  format: z.enum(exportFormats),
  /** The folder to make. Default: one in the project's exports/. */
  folder: z.string().min(1).max(4096).optional(),
};

export const exportsContract = {
  /** The exports that were made, newest first. */
  list: procedure.output(z.array(exportSchema)),
  /** Where an export would go, and whether something is there. */
  place: procedure.input(z.strictObject(target)).output(exportPlaceSchema),
  /** Writes a model for other programs, as a job. An earlier export is replaced only when that is said. */
  run: procedure
    .input(z.strictObject({ ...target, replace: z.boolean().default(false) }))
    .output(z.strictObject({ job: z.int().positive() })),
  /** Takes an export off the list, and deletes its folder where that lies in the project's exports/ and is unchanged. */
  delete: procedure.input(z.strictObject({ id: z.int().positive() })).output(exportDeletionSchema),
};
