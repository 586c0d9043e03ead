import { z } from 'zod';
import { chartAxes } from '../run/search.ts';

export const comparedCurves = [
  'validation',
  'loss',
  'learningRate',
  'gradientNorm',
  'tokensPerSecond',
  'memoryBytes',
] as const;
export type ComparedCurve = (typeof comparedCurves)[number];

/** Names as an address holds them: a list, or one text with commas between. */
const namesSchema = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').filter((name) => name !== ''))])
  .optional()
  .catch(undefined);

/** What the address of the screen says. */
export const compareSearchSchema = z.object({
  runs: namesSchema,
  curve: z.enum(comparedCurves).optional().catch(undefined),
  axis: z.enum(chartAxes).optional().catch(undefined),
});
export type CompareSearch = z.output<typeof compareSearchSchema>;
