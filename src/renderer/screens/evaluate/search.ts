import { z } from 'zod';

export const evaluateViews = ['results', 'compare'] as const;
export type EvaluateView = (typeof evaluateViews)[number];

/** What the address of the screen says. */
export const evaluateSearchSchema = z.object({
  /** The model to measure. */
  checkpoint: z.string().optional().catch(undefined),
  dataset: z.string().optional().catch(undefined),
  view: z.enum(evaluateViews).optional().catch(undefined),
});
