import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { unknownLanguage, type DocumentWindow } from '../../../shared/datasets/document.ts';
import type { RecipeStep } from '../../../shared/datasets/recipe.ts';
import type { DatasetStatistics } from '../../../shared/datasets/statistics.ts';
import { api } from '../../client/client.ts';
import { formatCompact, formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Select } from '../../components/select.tsx';
import { filterMarks, noFilters, type FilterMark, type Filters } from './filters.ts';
import { languageName } from './language-name.ts';
import type { RecipeChanges } from './recipe-changes.ts';

export interface DocumentFiltersProps {
  readonly name: string;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly recipe: RecipeChanges;
  readonly found: DocumentWindow | undefined;
  /** The step of the recipe, from 1, to whose left out documents the table is narrowed. */
  readonly step: number | undefined;
  readonly onStepEnd: () => void;
}

/** The value of a choice that filters nothing; no language, label or file is called that. */
const any = '\u0000';

const chipClass =
  'inline-flex h-6.5 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-sm text-ink-soft hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text';

/** Search, filters by a press, and what can be done with all that they find. */
export function DocumentFilters(props: DocumentFiltersProps): JSX.Element {
  const { name, filters, onFilters, recipe, found, step: shownStep, onStepEnd } = props;
  const { t } = useTranslation('data');
  const statistics = useQuery(
    api.datasets.statistics.queryOptions({ input: { name }, placeholderData: keepPreviousData }),
  );
  const change = (changes: Partial<Filters>): void => onFilters({ ...filters, ...changes });
  const data = statistics.data;
  const { before } = data ?? {};
  const step = data === undefined || shownStep !== undefined ? undefined : stepOf(filters, data);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput
          value={filters.search}
          onChange={(search) => change({ search })}
          label={t('searchDocuments')}
        />
        {before !== undefined && before.languages.length > 1 && (
          <Select
            label={t('filterLanguage')}
            size="small"
            className="w-40"
            value={filters.language ?? any}
            onChange={(language) => change({ language: language === any ? undefined : language })}
            options={[
              { value: any, label: `${t('filterLanguage')}: ${t('filterAny')}` },
              ...before.languages.map(({ language, documents }) => ({
                value: language,
                label: languageName(language) ?? t('languageUnknown'),
                hint: t('documentsFound', { count: documents, counted: formatCount(documents) }),
              })),
            ]}
          />
        )}
        {before !== undefined && before.labels.length > 0 && (
          <Select
            label={t('filterLabel')}
            size="small"
            className="w-40"
            value={filters.label ?? any}
            onChange={(label) => change({ label: label === any ? undefined : label })}
            options={[
              { value: any, label: `${t('filterLabel')}: ${t('filterAny')}` },
              ...before.labels.map(({ label, documents }) => ({
                value: label,
                label: label === '' ? t('noLabel') : label,
                hint: t('documentsFound', { count: documents, counted: formatCount(documents) }),
              })),
            ]}
          />
        )}
        {before !== undefined && before.sources.length > 1 && (
          <Select
            label={t('filterSource')}
            size="small"
            className="w-44"
            value={filters.source ?? any}
            onChange={(source) => change({ source: source === any ? undefined : source })}
            options={[
              { value: any, label: `${t('filterSource')}: ${t('filterAny')}` },
              ...before.sources.slice(0, 200).map((source) => ({
                value: source.name,
                label: source.name,
                hint: t('documentsFound', {
                  count: source.documents,
                  counted: formatCount(source.documents),
                }),
              })),
            ]}
          />
        )}
        <span className="figures ml-auto text-sm text-ink-faint" role="status">
          {found !== undefined &&
            (found.total === found.documents
              ? t('documentsFound', { count: found.total, counted: formatCount(found.total) })
              : t('documentsOf', {
                  count: found.documents,
                  shown: formatCount(found.total),
                  all: formatCount(found.documents),
                }))}
        </span>
      </div>
      {data !== undefined && (
        <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label={t('filters')}>
          {shownStep !== undefined && (
            <button type="button" aria-pressed onClick={onStepEnd} className={chipClass}>
              {t('filter_step', { step: shownStep })}
              <X aria-hidden className="size-3.5" />
            </button>
          )}
          {filterMarks.map((mark) => {
            const count = countOf(mark, data);
            if (count === 0 && filters.mark !== mark) return null;
            const pressed = filters.mark === mark;
            return (
              <button
                key={mark}
                type="button"
                aria-pressed={pressed}
                title={hintOf(mark, data, t)}
                onClick={() =>
                  change({
                    mark: pressed ? undefined : mark,
                    low: data.before.lengths.low,
                    high: data.before.lengths.high,
                  })
                }
                className={chipClass}
              >
                {t(`filter_${mark}`)}
                {count !== undefined && (
                  <span className="figures text-ink-faint">{formatCompact(count)}</span>
                )}
                {pressed && <X aria-hidden className="size-3.5" />}
              </button>
            );
          })}
          {isFiltered(filters) && (
            <Button size="small" variant="quiet" onClick={() => onFilters(noFilters)}>
              {t('filterReset')}
            </Button>
          )}
          {step !== undefined && (found?.total ?? 0) > 0 && (
            <Button
              size="small"
              className="ml-auto"
              busy={recipe.busy}
              onClick={() => recipe.change({ kind: 'add', step: step.step }, { said: t('stepAdded') })}
            >
              {step.label(t)}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<'data'>>['t'];

function isFiltered({ search, mark, language, label, source }: Filters): boolean {
  return search !== '' || [mark, language, label, source].some((each) => each !== undefined);
}

/** How many documents have a mark; undefined where it is not worth counting, 0 where there is nothing to show. */
function countOf(mark: FilterMark, { before, after }: DatasetStatistics): number | undefined {
  switch (mark) {
    case 'duplicate':
      return before.duplicates;
    case 'empty':
      return before.empty;
    case 'suspicious':
      return before.suspicious;
    case 'edited':
      return after.edited;
    case 'excluded':
      return before.documents - after.documents;
    case 'short':
    case 'long':
      return before.documents > 20 && before.lengths.low < before.lengths.high ? undefined : 0;
  }
}

function hintOf(mark: FilterMark, { before }: DatasetStatistics, t: Translate): string | undefined {
  if (mark === 'short') return t('filterShortHint', { count: before.lengths.low });
  if (mark === 'long') return t('filterLongHint', { count: before.lengths.high });
  return undefined;
}

interface OfferedStep {
  readonly step: RecipeStep;
  readonly label: (t: Translate) => string;
}

/** The step that leaves out what the filters show, where one says just that and there is something left to do. */
function stepOf(filters: Filters, { after }: DatasetStatistics): OfferedStep | undefined {
  const { search, mark, language, label, source } = filters;
  if (label !== undefined || source !== undefined) return undefined;
  const only = [search === '' ? undefined : search, mark, language].filter((each) => each !== undefined);
  if (only.length !== 1) return undefined;
  if (language !== undefined)
    return language === unknownLanguage || after.languages.length < 2
      ? undefined
      : {
          step: { kind: 'excludeLanguages', keep: [language], keepUnknown: true },
          label: (t) => t('leaveOutAll_language', { language: languageName(language) ?? language }),
        };
  if (search.trim() !== '')
    return {
      step: { kind: 'excludeContaining', text: search, matchCase: false },
      label: (t) => t('leaveOutAll_search'),
    };
  switch (mark) {
    case 'duplicate':
      return after.duplicates === 0
        ? undefined
        : { step: { kind: 'excludeDuplicates' }, label: (t) => t('leaveOutAll_duplicate') };
    case 'empty':
      return after.empty === 0
        ? undefined
        : { step: { kind: 'excludeEmpty' }, label: (t) => t('leaveOutAll_empty') };
    case 'suspicious':
      return after.suspicious === 0
        ? undefined
        : { step: { kind: 'excludeSuspicious' }, label: (t) => t('leaveOutAll_suspicious') };
    case 'short': {
      const characters = filters.low + 1;
      return after.lengths.shortest >= characters
        ? undefined
        : {
            step: { kind: 'excludeShorter', characters },
            label: (t) => t('leaveOutAll_short', { count: characters }),
          };
    }
    case 'long': {
      const characters = Math.max(1, filters.high - 1);
      return after.lengths.longest <= characters
        ? undefined
        : {
            step: { kind: 'excludeLonger', characters },
            label: (t) => t('leaveOutAll_long', { count: characters }),
          };
    }
    case 'excluded':
    case 'edited':
    case undefined:
      return undefined;
  }
}
