import type { Figure, ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import { formatLoss } from './format.ts';

type Values = Readonly<Record<string, number | null>>;

/** A figure's value as its declaration has it written; "–" where there is none. */
export function formatFigure({ format }: Figure, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  switch (format) {
    case 'decimal':
      return value.toFixed(3);
    case 'factor':
      return value.toFixed(2);
    case 'share':
      return `${(100 * value).toFixed(1)} %`;
    default:
      return format satisfies never;
  }
}

/** "loss 2.3456 · bits per byte 1.234 · perplexity 10.44", of those figures that were measured. */
export function describeFigures(
  { loss: lossFigure, figures }: ObjectiveDeclaration,
  { loss, values }: { readonly loss: number | null; readonly values: Values },
): string {
  return [
    `${nameInText(lossFigure)} ${formatLoss(loss ?? Number.NaN)}`,
    ...figures
      .filter(({ name }) => values[name] !== undefined)
      .map((figure) => `${nameInText(figure)} ${formatFigure(figure, values[figure.name])}`),
  ].join(' · ');
}

/** A figure's name within a sentence. Names that are abbreviations (F1) stay as they are. */
export function nameInText({ term: { name } }: Figure): string {
  return /^[A-Z][a-z]/.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name;
}

/** For --json: each figure, and the number of what was predicted, under its own name beside the rest. */
export function figuresAsJson(
  { predictions: noun }: ObjectiveDeclaration,
  { figures, predictions, ...rest }: { readonly figures: Values; readonly predictions: number },
): Readonly<Record<string, unknown>> {
  return { ...rest, ...figures, [noun]: predictions };
}
