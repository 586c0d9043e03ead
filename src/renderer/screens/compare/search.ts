import { z } from 'zod';
import { chartAxes } from '../../runs/chart-axes.ts';

export const comparedCurves = [
  'validation',
  'loss',
  'learningRate',
  'gradientNorm',
  'tokensPerSecond',
  'memoryBytes',
] as const;
/** A figure of an objective, as the address names its curve. */
const figurePrefix = 'figure.';
export type ComparedCurve = (typeof comparedCurves)[number] | `${typeof figurePrefix}${string}`;

/** The figure whose curve is shown, if it is one's. */
export function figureOfCurve(curve: ComparedCurve): string | undefined {
  return curve.startsWith(figurePrefix) ? curve.slice(figurePrefix.length) : undefined;
}

export const curveOfFigure = (name: string): ComparedCurve => `${figurePrefix}${name}`;

/** Names as an address holds them: a list, or one text with commas between. */
const namesSchema = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').filter((name) => name !== ''))])
  .optional()
  .catch(undefined);

/** What the address of the screen says. */
export const compareSearchSchema = z.object({
  runs: namesSchema,
  curve: z
    .union([z.enum(comparedCurves), z.templateLiteral([figurePrefix, z.string().min(1)])])
    .optional()
    .catch(undefined),
  axis: z.enum(chartAxes).optional().catch(undefined),
});
export type CompareSearch = z.output<typeof compareSearchSchema>;
