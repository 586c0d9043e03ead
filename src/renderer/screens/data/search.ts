import { z } from 'zod';

/** Which of a dataset's views is shown. */
export const datasetViews = ['documents', 'statistics', 'recipe', 'sources'] as const;
export type DatasetView = (typeof datasetViews)[number];

/** What the address of the screen says. */
export const dataSearchSchema = z.object({
  dataset: z.string().optional().catch(undefined),
  view: z.enum(datasetViews).optional().catch(undefined),
  /** The key of the document that is open. */
  document: z.string().optional().catch(undefined),
  /** Shows only the documents that this step of the recipe, from 1, left out. */
  step: z.int().positive().optional().catch(undefined),
  /** The form for an import is open: `sample` offers the bundled sample. */
  import: z.enum(['files', 'sample']).optional().catch(undefined),
});
export type DataSearch = z.output<typeof dataSearchSchema>;
