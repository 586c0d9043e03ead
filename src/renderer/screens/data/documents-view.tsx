import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentQuery, DocumentRow } from '../../../shared/datasets/document.ts';
import { longestWindow } from '../../../shared/datasets/document.ts';
import { mostKeysInStep } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { api, client } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Loading } from '../../components/loading.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { toastError } from '../../components/toast.tsx';
import { VirtualTable } from '../../components/virtual-table.tsx';
import { useDocumentColumns } from './document-columns.tsx';
import { DocumentFilters } from './document-filters.tsx';
import { DocumentPanel } from './document-panel.tsx';
import { useUnsavedDocuments } from './drafts.ts';
import { FewDocuments } from './few-documents.tsx';
import { noFilters, queryOf, type Filters } from './filters.ts';
import type { RecipeChanges } from './recipe-changes.ts';
import type { DataSearch } from './search.ts';
import { useDebounced } from '../../client/use-debounced.ts';

export interface DocumentsViewProps {
  readonly name: string;
  readonly version: string;
  readonly recipe: RecipeChanges;
  readonly document: string | undefined;
  /** Shows only what this step of the recipe, from 1, left out. */
  readonly step: number | undefined;
  readonly onSearch: (changes: Partial<DataSearch>, replace?: boolean) => void;
}

/** The documents of a dataset in a table, and the one that is open beside it. */
export function DocumentsView({
  name,
  version,
  recipe,
  document,
  step,
  onSearch,
}: DocumentsViewProps): JSX.Element {
  const { t } = useTranslation('data');
  const [filters, setFilters] = useState<Filters>(noFilters);
  const [sort, setSort] = useState<DocumentQuery['sort']>({ by: 'position', descending: false });
  const [active, setActive] = useState<number>();
  const [checked, setChecked] = useState<ReadonlySet<number>>(new Set());
  const search = useDebounced(filters.search, 250);
  const query = useMemo(() => queryOf({ ...filters, search }, sort, step), [filters, search, sort, step]);
  const list = JSON.stringify(query);
  // Rows are ticked by their places, and another version has other documents there.
  useEffect(() => {
    setChecked(new Set());
    setActive(undefined);
  }, [list, version]);

  const found = useQuery(
    api.datasets.documents.queryOptions({
      input: { name, query, offset: 0, limit: 0 },
      placeholderData: keepPreviousData,
    }),
  );
  const total = found.data?.total ?? 0;
  const fetchRows = useCallback(
    async (offset: number, limit: number, signal: AbortSignal): Promise<readonly DocumentRow[]> =>
      (await client.datasets.documents({ name, query, offset, limit }, { signal })).rows,
    [name, query],
  );
  const open = useCallback(
    async (index: number) => {
      const [row] = await fetchRows(index, 1, new AbortController().signal);
      if (row !== undefined) onSearch({ document: row.key });
    },
    [fetchRows, onSearch],
  );
  const go = useCallback(
    (index: number) => {
      if (index < 0 || index >= total) return;
      setActive(index);
      void open(index).catch(toastError);
    },
    [open, total],
  );

  const pick = useMutation({
    mutationFn: async (kind: 'excludeDocuments' | 'includeDocuments') => {
      if (checked.size > mostKeysInStep)
        throw new LoamError({
          kind: 'misuse',
          what: t('selectionTooMany', { most: formatCount(mostKeysInStep) }),
          remedy: '',
        });
      return { kind, keys: await keysOf(checked, fetchRows) };
    },
    onSuccess: ({ kind, keys }) =>
      recipe.change(
        { kind: 'add', step: { kind, keys: [...keys] } },
        {
          said: t(kind === 'excludeDocuments' ? 'excludedToast' : 'includedToast', {
            count: keys.length,
            counted: formatCount(keys.length),
          }),
          onDone: () => setChecked(new Set()),
        },
      ),
    onError: toastError,
  });

  const columns = useDocumentColumns(document !== undefined, search, useUnsavedDocuments(name));
  const view = useRef<HTMLDivElement>(null);
  const focusTable = (): void => view.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
  /** Closes the document, and leaves the keyboard where the next one is chosen. */
  const close = (): void => {
    onSearch({ document: undefined });
    focusTable();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event;
    if (
      target instanceof HTMLInputElement &&
      target.type !== 'checkbox' &&
      (event.key === 'Enter' || event.key === 'ArrowDown')
    ) {
      event.preventDefault();
      focusTable();
      if (event.key === 'Enter' && search === filters.search) go(0);
      else setActive(active ?? 0);
      return;
    }
    if (target instanceof Element && target.closest('input, textarea, [role=menu]') !== null) return;
    if (document === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') go((active ?? -1) + 1);
    else if (event.key === 'k') go((active ?? 1) - 1);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  };

  return (
    <div ref={view} className="flex h-full min-h-0 gap-4" onKeyDown={onKeyDown}>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-2.5">
        <DocumentFilters
          name={name}
          filters={filters}
          onFilters={setFilters}
          recipe={recipe}
          found={found.data}
          step={step}
          onStepEnd={() => onSearch({ step: undefined })}
        />
        {document === undefined && <FewDocuments name={name} />}
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
        {checked.size > 0 && (
          <div className="flex flex-wrap items-center gap-2 rounded-lg bg-accent-soft px-3 py-1.5">
            <span className="mr-2 font-medium" role="status">
              {t('selected', { count: checked.size, counted: formatCount(checked.size) })}
            </span>
            <Button
              size="small"
              busy={pick.isPending || recipe.busy}
              onClick={() => pick.mutate('excludeDocuments')}
            >
              {t('selectionExclude')}
            </Button>
            <Button
              size="small"
              busy={pick.isPending || recipe.busy}
              onClick={() => pick.mutate('includeDocuments')}
            >
              {t('selectionInclude')}
            </Button>
            <Button size="small" variant="quiet" onClick={() => setChecked(new Set())}>
              {t('selectionClear')}
            </Button>
          </div>
        )}
        <div className="flex min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          <VirtualTable
            label={t('documentsLabel', { name })}
            columns={columns}
            count={total}
            rows={fetchRows}
            source={`${name} ${list}`}
            revision={version}
            sort={{ column: sort.by, descending: sort.descending }}
            onSort={({ column, descending }) =>
              setSort({ by: column as DocumentQuery['sort']['by'], descending })
            }
            active={active}
            onActive={(index) => {
              setActive(index);
              if (document !== undefined) void open(index).catch(toastError);
            }}
            onOpen={go}
            opensOnPress
            checked={checked}
            onCheckedChange={setChecked}
            rowClass={({ state }) => (state === 'excluded' ? 'text-ink-faint' : '')}
            empty={
              found.data === undefined ? (
                found.isPending && <Loading label={t('documentsReading')} />
              ) : (
                <div className="py-14 text-center text-ink-faint">
                  <p>{t('documentsNone')}</p>
                  {list !== JSON.stringify(queryOf(noFilters, sort)) && (
                    <Button
                      size="small"
                      className="mt-2"
                      onClick={() => {
                        setFilters(noFilters);
                        onSearch({ step: undefined });
                      }}
                    >
                      {t('filterReset')}
                    </Button>
                  )}
                </div>
              )
            }
          />
        </div>
      </div>
      {document !== undefined && (
        <DocumentPanel
          name={name}
          documentKey={document}
          index={active}
          count={total}
          recipe={recipe}
          sought={search}
          onMove={(by) => go((active ?? (by > 0 ? -1 : 1)) + by)}
          onOpenKey={(key) => onSearch({ document: key })}
          onClose={close}
        />
      )}
    </div>
  );
}

/** The keys of the rows that are chosen. */
async function keysOf(
  checked: ReadonlySet<number>,
  fetchRows: (offset: number, limit: number, signal: AbortSignal) => Promise<readonly DocumentRow[]>,
): Promise<readonly string[]> {
  const windows = new Set([...checked].map((index) => Math.floor(index / longestWindow)));
  const { signal } = new AbortController();
  const keys: string[] = [];
  for (const window of windows) {
    const start = window * longestWindow;
    const rows = await fetchRows(start, longestWindow, signal);
    rows.forEach(({ key }, offset) => {
      if (checked.has(start + offset)) keys.push(key);
    });
  }
  return keys;
}
