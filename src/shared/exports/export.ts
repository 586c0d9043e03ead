import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** The forms in which a model leaves Loam. */
export const exportFormats = ['onnx', 'safetensors'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How far an exported model's logits are from the checkpoint's. */
export const exportComparisonSchema = z.strictObject({
  maximumDifference: z.number(),
  largestLogit: z.number(),
});

/** An export that was made. */
export const exportSchema = z.strictObject({
  id: z.int().positive(),
  /** The model that was exported: RUN@step, models/NAME, or a folder. */
  checkpoint: z.string(),
  format: z.enum(exportFormats),
  folder: z.string(),
  /** Whether its folder is still there. */
  present: z.boolean(),
  /** Whether it lies in the project's exports/ and bears an export's mark: then it is deleted with the record. */
  ownFolder: z.boolean(),
  files: z.array(z.string()),
  bytes: z.int().nonnegative(),
  comparison: exportComparisonSchema.optional(),
  createdAt: momentSchema,
});
export type ExportSummary = z.output<typeof exportSchema>;

/** What became of an export that was taken off the list. */
export const exportDeletionSchema = z.strictObject({
  freedBytes: z.int().nonnegative(),
  /** Its folder is a person's by now: it lies elsewhere, or holds something else than what the export wrote. */
  folderStays: z.boolean(),
});
export type ExportDeletion = z.output<typeof exportDeletionSchema>;

/** Where an export would go. */
export const exportPlaceSchema = z.strictObject({
  folder: z.string(),
  /** `export`: an earlier export is there, which can be replaced; `taken`: something else is. */
  occupied: z.enum(['free', 'export', 'taken']),
});
export type ExportPlace = z.output<typeof exportPlaceSchema>;
