import type { EvaluationSplit, EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import {
  headlineOf,
  type Figure,
  type FigureValues,
  type ObjectiveDeclaration,
} from '../../../shared/objectives/objective.ts';
import { compareFigures } from '../../format/figures.ts';

/** Results of one objective on the same text: the newest of each model, the best first. */
export interface ComparedText {
  readonly key: string;
  readonly dataset: string;
  readonly split: EvaluationSplit;
  /** The figure by which they are compared. */
  readonly figure: Figure;
  readonly results: readonly EvaluationSummary[];
}

/** A measurement's value of a figure, the loss among them. */
export function valueOf(
  { name }: Figure,
  { loss, figures }: { readonly loss: number | null; readonly figures: FigureValues },
): number | null {
  return name === 'loss' ? loss : (figures[name] ?? null);
}

/**
 * The texts on which two or more models were measured, those with the most models first. The same part of a dataset of the
 * same name is the same text where it has as many bytes, or where no bytes are counted as many predictions: a dataset may
 * have been replaced in between.
 */
export function comparedTexts(
  results: readonly EvaluationSummary[],
  objectives: readonly ObjectiveDeclaration[],
): readonly ComparedText[] {
  const texts = new Map<string, { readonly figure: Figure; readonly results: EvaluationSummary[] }>();
  for (const result of results.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))) {
    const objective = objectives.find(({ name }) => name === result.objective);
    if (objective === undefined) continue;
    const figure = headlineOf(objective);
    if (valueOf(figure, result) === null) continue;
    const key = [objective.name, result.dataset, result.split, result.bytes ?? result.predictions].join('/');
    const text = texts.get(key) ?? { figure, results: [] };
    texts.set(key, text);
    if (!text.results.some(({ checkpoint }) => checkpoint === result.checkpoint)) text.results.push(result);
  }
  return [...texts]
    .filter(([, { results: group }]) => group.length > 1)
    .map(([key, { figure, results: group }]): ComparedText => ({
      key,
      dataset: group[0]?.dataset ?? '',
      split: group[0]?.split ?? 'all',
      figure,
      results: group.toSorted((a, b) => compareFigures(figure, valueOf(figure, a), valueOf(figure, b))),
    }))
    .toSorted((a, b) => b.results.length - a.results.length);
}
