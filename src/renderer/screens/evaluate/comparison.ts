import type { EvaluationSplit, EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';

/** Results on the same text: the newest of each model, the best first. */
export interface ComparedText {
  readonly key: string;
  readonly dataset: string;
  readonly split: EvaluationSplit;
  readonly results: readonly EvaluationSummary[];
}

/**
 * The texts on which two or more models were measured, those with the most models first. The same part of a dataset of the
 * same name is the same text where it has as many bytes: a dataset may have been replaced in between.
 */
export function comparedTexts(results: readonly EvaluationSummary[]): readonly ComparedText[] {
  const texts = new Map<string, EvaluationSummary[]>();
  for (const result of results.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))) {
    if (result.bitsPerByte === null) continue;
    const key = `${result.dataset}/${result.split}/${result.bytes}`;
    const others = texts.get(key) ?? [];
    if (!others.some(({ checkpoint }) => checkpoint === result.checkpoint))
      texts.set(key, [...others, result]);
  }
  return [...texts]
    .filter(([, group]) => group.length > 1)
    .map(([key, group]): ComparedText => ({
      key,
      dataset: group[0]?.dataset ?? '',
      split: group[0]?.split ?? 'all',
      results: group.toSorted((a, b) => (a.bitsPerByte ?? 0) - (b.bitsPerByte ?? 0)),
    }))
    .toSorted((a, b) => b.results.length - a.results.length);
}
