import { z } from 'zod';
import { chartAxes } from '../../runs/chart-axes.ts';

export const runViews = ['charts', 'samples', 'verdict', 'checkpoints', 'log', 'settings', 'origin'] as const;
export type RunView = (typeof runViews)[number];

/** What the address of the screen says. */
export const runSearchSchema = z.object({
  view: z.enum(runViews).optional().catch(undefined),
  axis: z.enum(chartAxes).optional().catch(undefined),
  /** The form for a branch is open, at this step. */
  branch: z.int().nonnegative().optional().catch(undefined),
});
export type RunSearch = z.output<typeof runSearchSchema>;
