import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Box, Import } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { findModel } from '../../models/model-options.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ModelDetails } from './model-details.tsx';
import { isShown, modelFilters, type ModelFilter } from './model-filter.ts';
import { ModelsTable } from './models-table.tsx';

const route = getRouteApi('/project/models');

const filterLabels = {
  all: 'filterAll',
  best: 'filterBest',
  pinned: 'filterPinned',
  imported: 'filterImported',
} as const satisfies Record<ModelFilter, string>;

/** All models of the project: what they are, where they come from, what can be done with them. */
export function ModelsScreen(): JSX.Element {
  const { t } = useTranslation('models');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const models = useQuery(api.checkpoints.listAll.queryOptions());
  const [importing, setImporting] = useState<number>();
  const [wanted, setWanted] = useState('');
  const [filter, setFilter] = useState<ModelFilter>('all');
  const list = models.data ?? [];
  const shown = list.filter((model) => isShown(model, filter, wanted));
  const selected = search.model === undefined ? undefined : findModel(list, search.model);
  const select = (model: ModelSummary | undefined): void =>
    void navigate({ search: model === undefined ? {} : { model: model.reference }, replace: true });
  const openImport = (open: boolean): void =>
    void navigate({
      search: (before) => ({ ...before, import: open ? (true as const) : undefined }),
      replace: true,
    });

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        <Button icon={Import} onClick={() => openImport(true)}>
          {t('import')}
        </Button>
      }
    >
      {importing !== undefined && (
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <JobProgress job={importing} />
          </div>
          <Button size="small" variant="quiet" onClick={() => setImporting(undefined)}>
            {t('dismiss')}
          </Button>
        </div>
      )}
      <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />
      {models.isPending && <Loading />}
      {models.data?.length === 0 && (
        <Card className="flex-1">
          <EmptyState
            icon={Box}
            title={t('emptyTitle')}
            text={t('emptyText')}
            actions={
              <>
                <LinkButton to="/new-model" variant="primary">
                  {t('toNewModel')}
                </LinkButton>
                <Button icon={Import} onClick={() => openImport(true)}>
                  {t('import')}
                </Button>
              </>
            }
          />
        </Card>
      )}
      {list.length > 0 && (
        <div className="flex min-h-0 flex-1 gap-4">
          <Card flush className="min-h-0 flex-1">
            <div className="flex h-full min-h-0 flex-col">
              <div className="flex flex-wrap items-center gap-3 border-b border-line p-3">
                <SearchInput value={wanted} onChange={setWanted} label={t('search')} className="w-52" />
                <SegmentedControl<ModelFilter>
                  label={t('filter')}
                  value={filter}
                  onChange={setFilter}
                  options={modelFilters.map((value) => ({ value, label: t(filterLabels[value]) }))}
                />
                <span className="ml-auto text-sm text-ink-faint">
                  {t('count', { count: shown.length, counted: formatCount(shown.length) })} ·{' '}
                  {t('totalSize', { size: formatBytes(shown.reduce((sum, { bytes }) => sum + bytes, 0)) })}
                </span>
              </div>
              <div className="min-h-0 flex-1 overflow-auto">
                <ModelsTable
                  models={shown}
                  selected={selected?.reference}
                  narrow={selected !== undefined && window.innerWidth < 1500}
                  onOpen={select}
                />
              </div>
            </div>
          </Card>
          {selected !== undefined && (
            <ModelDetails
              key={selected.reference}
              model={selected}
              onClose={() => select(undefined)}
              onDeleted={() => select(undefined)}
            />
          )}
        </div>
      )}
      {search.import === true && (
        <ImportDialog
          onClose={() => openImport(false)}
          onStarted={(job) => {
            setImporting(job);
            openImport(false);
          }}
        />
      )}
    </Page>
  );
}
