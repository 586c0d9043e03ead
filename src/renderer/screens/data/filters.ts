import type { DocumentQuery } from '../../../shared/datasets/document.ts';

/** Things about documents that can be shown alone, by a press. */
export const filterMarks = [
  'duplicate',
  'empty',
  'suspicious',
  'short',
  'long',
  'excluded',
  'edited',
] as const;
export type FilterMark = (typeof filterMarks)[number];

/** What a person has chosen to see. */
export interface Filters {
  readonly search: string;
  readonly mark: FilterMark | undefined;
  /** Where `short` ends and `long` begins, in characters. */
  readonly low: number;
  readonly high: number;
  readonly language: string | undefined;
  readonly label: string | undefined;
  readonly source: string | undefined;
}

export const noFilters: Filters = {
  search: '',
  mark: undefined,
  low: 0,
  high: 0,
  language: undefined,
  label: undefined,
  source: undefined,
};

/**
 * The studio's query for a choice.
 * @param step a step of the recipe, from 1, whose left out documents alone are wanted
 */
export function queryOf(filters: Filters, sort: DocumentQuery['sort'], step?: number): DocumentQuery {
  const { search, mark, language, label, source } = filters;
  return {
    ...(search.trim() === '' ? {} : { search: search.slice(0, 1000) }),
    ...queryOfMark(mark, filters),
    ...(language === undefined ? {} : { languages: [language] }),
    ...(label === undefined ? {} : { labels: [label] }),
    ...(source === undefined ? {} : { sources: [source] }),
    ...(step === undefined ? {} : { excludedBy: step - 1 }),
    sort,
  };
}

function queryOfMark(mark: FilterMark | undefined, { low, high }: Filters): Partial<DocumentQuery> {
  switch (mark) {
    case undefined:
      return {};
    case 'duplicate':
    case 'empty':
    case 'suspicious':
      return { flags: [mark] };
    case 'short':
      return { maximumCharacters: low };
    case 'long':
      return { minimumCharacters: high };
    case 'excluded':
    case 'edited':
      return { states: [mark] };
  }
}
