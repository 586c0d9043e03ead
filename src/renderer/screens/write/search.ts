import { z } from 'zod';

/** What the address of the screen says. */
export const writeSearchSchema = z.object({
  /** The conversation that is shown; without it a new one is begun. */
  chat: z.int().positive().optional().catch(undefined),
  /** The checkpoint that a new text is written with. */
  checkpoint: z.string().optional().catch(undefined),
  /** A second one beside it. */
  with: z.string().optional().catch(undefined),
});
