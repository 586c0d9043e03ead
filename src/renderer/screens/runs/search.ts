import { z } from 'zod';
import { runStatuses } from '../../../shared/runs/run.ts';

/** What the address of the screen says. */
export const runsSearchSchema = z.object({
  find: z.string().optional().catch(undefined),
  status: z.enum(runStatuses).optional().catch(undefined),
  tag: z.string().optional().catch(undefined),
});
export type RunsSearch = z.output<typeof runsSearchSchema>;
