import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Columns3, LineChart, Plus, Trash2, X } from 'lucide-react';
import { useCallback, useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { runStatuses, type RunStatus, type RunSummary } from '../../../shared/runs/run.ts';
import { withTexts } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Select } from '../../components/select.tsx';
import { DeleteRunsDialog } from '../../runs/delete-runs-dialog.tsx';
import { isActive } from '../../runs/run-buttons.tsx';
import { RunsTable } from './runs-table.tsx';
import type { RunsSearch } from './search.ts';

const route = getRouteApi('/project/runs');
/** As many as the studio compares at once. */
const mostCompared = 12;
const any = 'any';
/** No tag has a comma. */
const anyTag = ',';

/** All runs: find them, go on with them, compare them. */
export function RunsScreen(): JSX.Element {
  const { t } = useTranslation('runs');
  const { t: tRun } = useTranslation('run');
  const search = route.useSearch();
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Partial<RunsSearch>) =>
      void navigate({ to: '/runs', search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  );
  const runs = useQuery(api.runs.list.queryOptions());
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<readonly string[]>([]);
  const list = useMemo(() => runs.data ?? [], [runs.data]);
  const found = useMemo(() => list.filter((run) => matches(run, search)), [list, search]);
  const tags = useMemo(
    () => [...new Set(list.flatMap((run) => run.tags))].toSorted((a, b) => a.localeCompare(b)),
    [list],
  );
  const present = list.filter(({ name }) => chosen.has(name));
  const deletable = present.filter((run) => !isActive(run));
  const deleteOne = useCallback((name: string) => setDeleting([name]), []);
  const hasData = datasets.data === undefined || datasets.data.length > 0;
  const isFiltered = search.find !== undefined || search.status !== undefined || search.tag !== undefined;

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <LinkButton to="/new-model" variant="primary" icon={Plus}>
          {t('newModel')}
        </LinkButton>
      }
    >
      <ErrorNotice error={runs.error} onRetry={() => void runs.refetch()} />
      {runs.isPending && <Loading />}
      {runs.data?.length === 0 && (
        <Card className="flex-1">
          <EmptyState
            icon={LineChart}
            title={t('emptyTitle')}
            text={t(hasData ? 'emptyText' : 'emptyNoDataText')}
            actions={
              hasData ? (
                <LinkButton to="/new-model" variant="primary" icon={Plus}>
                  {t('newModel')}
                </LinkButton>
              ) : (
                <>
                  <LinkButton to="/data" variant="primary">
                    {t('toData')}
                  </LinkButton>
                  <LinkButton to="/data" search={{ import: 'sample' }}>
                    {t('sample')}
                  </LinkButton>
                </>
              )
            }
          />
        </Card>
      )}
      {list.length > 0 && (
        <>
          <div className="flex min-h-8 flex-wrap items-center gap-2">
            <SearchInput
              value={search.find ?? ''}
              onChange={(find) => change({ find: find === '' ? undefined : find })}
              label={t('search')}
            />
            <Select<RunStatus | typeof any>
              label={t('status')}
              value={search.status ?? any}
              onChange={(status) => change({ status: status === any ? undefined : status })}
              options={[
                { value: any, label: t('anyStatus') },
                ...runStatuses.map((status) => ({ value: status, label: tRun(`status.${status}`) })),
              ]}
              className="w-40"
            />
            {tags.length > 0 && (
              <Select
                label={t('tag')}
                value={search.tag ?? anyTag}
                onChange={(tag) => change({ tag: tag === anyTag ? undefined : tag })}
                options={[
                  { value: anyTag, label: t('anyTag') },
                  ...tags.map((tag) => ({ value: tag, label: tag })),
                ]}
                className="w-40"
              />
            )}
            <span className="flex-1" />
            {present.length > 0 && (
              <div
                className="flex items-center gap-2"
                role="group"
                aria-label={t('chosen', { count: present.length })}
              >
                <Button variant="quiet" icon={X} onClick={() => setChosen(new Set())}>
                  {t('chosen', { count: present.length })}
                </Button>
                {deletable.length < present.length && (
                  <span className="text-sm text-ink-faint">
                    {t('notDeletable', { count: present.length - deletable.length })}
                  </span>
                )}
                <Button
                  icon={Trash2}
                  disabled={deletable.length === 0}
                  onClick={() => setDeleting(deletable.map(({ name }) => name))}
                >
                  {t('deleteCount', { count: deletable.length })}
                </Button>
                <Button
                  variant="primary"
                  icon={Columns3}
                  disabled={present.length < 2 || present.length > mostCompared}
                  onClick={() =>
                    void navigate({ to: '/compare', search: { runs: present.map(({ name }) => name) } })
                  }
                >
                  {t('compareCount', { count: present.length })}
                </Button>
              </div>
            )}
          </div>
          <Card flush>
            <RunsTable
              runs={found}
              chosen={chosen}
              onChosen={setChosen}
              onDelete={deleteOne}
              empty={
                <div className="flex flex-col items-center gap-3 py-10 text-ink-soft">
                  <p>{t('noneFound')}</p>
                  {isFiltered && (
                    <Button onClick={() => change({ find: undefined, status: undefined, tag: undefined })}>
                      {t('clearFilters')}
                    </Button>
                  )}
                </div>
              }
            />
          </Card>
        </>
      )}
      <DeleteRunsDialog names={deleting} onClose={() => setDeleting([])} />
    </Page>
  );
}

/** Whether every word that is searched for stands somewhere in what one knows of the run. */
function matches(run: RunSummary, { find, status, tag }: RunsSearch): boolean {
  if (status !== undefined && run.status !== status) return false;
  if (tag !== undefined && !run.tags.includes(tag)) return false;
  const text = [run.name, run.dataset, run.tokenizer, run.notes, ...run.tags].join(' ').toLowerCase();
  return (find ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
