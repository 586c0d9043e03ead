import { z } from 'zod';

/** What the address of the screen says. */
export const modelsSearchSchema = z.object({
  /** The model that is looked at. */
  model: z.string().optional().catch(undefined),
  /** The form to import one is open. */
  import: z.literal(true).optional().catch(undefined),
});
