import type { Figure } from '../../shared/objectives/objective.ts';
import { formatLoss, formatNumber, formatPercent } from './format.ts';

/** A figure's value as its declaration has it written. */
export function formatFigure({ format }: Figure, value: number | null | undefined): string {
  switch (format) {
    case 'decimal':
      return formatLoss(value);
    case 'factor':
      return formatNumber(value, 2);
    case 'share':
      return formatPercent(value, 1);
    default:
      return format satisfies never;
  }
}

/** Sorts values of a figure, the best first; those that are none last. */
export function compareFigures(
  { better }: Figure,
  one: number | null | undefined,
  other: number | null | undefined,
): number {
  const worst = better === 'lower' ? Infinity : -Infinity;
  const difference = (one ?? worst) - (other ?? worst);
  return Number.isNaN(difference) ? 0 : better === 'lower' ? difference : -difference;
}
