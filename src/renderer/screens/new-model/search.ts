import { z } from 'zod';
import { steps } from './steps.ts';

/** What an address of New model can say. What cannot be read is left out. */
export const newModelSearchSchema = z.object({
  step: z.enum(steps).optional().catch(undefined),
  /** The text to begin with. */
  dataset: z.string().optional().catch(undefined),
  /** A run whose settings to begin with. */
  from: z.string().optional().catch(undefined),
  /** A model to begin with. */
  model: z.string().optional().catch(undefined),
});
