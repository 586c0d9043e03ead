import { z } from 'zod';
import { exportFormats } from '../../../shared/exports/export.ts';

/** What the address of the screen says. */
export const exportSearchSchema = z.object({
  /** The model to export. */
  checkpoint: z.string().optional().catch(undefined),
  format: z.enum(exportFormats).optional().catch(undefined),
  /** The export that is looked at. */
  made: z.int().positive().optional().catch(undefined),
});
