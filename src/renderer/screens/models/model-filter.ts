import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';

export const modelFilters = ['all', 'best', 'pinned', 'imported'] as const;
export type ModelFilter = (typeof modelFilters)[number];

/** Whether a model is of the kind that is looked for, and has the words in its name, run, data or kind. */
export function isShown(model: ModelSummary, filter: ModelFilter, search: string): boolean {
  const { reference, label = '', origin, modelType } = model;
  const origins = origin.kind === 'run' ? [origin.run, origin.dataset, origin.tokenizer] : [origin.from];
  const text = [reference, label, modelType, ...origins].join(' ').toLowerCase();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return isOfKind(model, filter) && words.every((word) => text.includes(word));
}

function isOfKind({ origin, pinned }: ModelSummary, filter: ModelFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'best':
      return origin.kind === 'run' && origin.best;
    case 'pinned':
      return pinned;
    case 'imported':
      return origin.kind === 'imported';
  }
}
