import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PackageOpen } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { JobProgress } from '../../components/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ExportDetails } from './export-details.tsx';
import { ExportForm } from './export-form.tsx';
import { ExportsTable } from './exports-table.tsx';

const route = getRouteApi('/project/export');

/** Writes models for other programs, and says how those use them. */
export function ExportScreen(): JSX.Element {
  const { t } = useTranslation('export');
  const { checkpoint, format, made } = route.useSearch();
  const navigate = route.useNavigate();
  const models = useQuery(api.checkpoints.listAll.queryOptions());
  const exports = useQuery(api.exports.list.queryOptions());
  const [started, setStarted] = useState<readonly number[]>([]);
  const list = exports.data ?? [];
  const selected = list.find(({ id }) => id === made);
  const show = (id: number | undefined): void =>
    void navigate({ search: (before) => ({ ...before, made: id }), replace: true });
  const nothing = models.data?.length === 0;

  return (
    <Page title={t('title')} lead={t('lead')}>
      <ErrorNotice
        error={models.error ?? exports.error}
        onRetry={() => {
          void models.refetch();
          void exports.refetch();
        }}
      />
      {(models.isPending || exports.isPending) && <Loading />}
      {nothing && (
        <Card className={list.length === 0 ? 'flex-1' : ''}>
          <EmptyState
            icon={PackageOpen}
            title={t('emptyTitle')}
            text={t('emptyText')}
            actions={
              <>
                <LinkButton to="/new-model" variant="primary">
                  {t('toNewModel')}
                </LinkButton>
                <LinkButton to="/models" search={{ import: true }}>
                  {t('toModels')}
                </LinkButton>
              </>
            }
          />
        </Card>
      )}
      {models.data !== undefined && models.data.length > 0 && (
        <ExportForm
          models={models.data}
          checkpoint={checkpoint}
          format={format ?? 'onnx'}
          onChange={(changes) =>
            void navigate({ search: (before) => ({ ...before, ...changes }), replace: true })
          }
          onStarted={(job) => setStarted((before) => [job, ...before])}
        />
      )}
      {started.map((job) => (
        <div key={job} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <JobProgress job={job} />
          </div>
          <Button
            size="small"
            variant="quiet"
            onClick={() => setStarted((before) => before.filter((other) => other !== job))}
          >
            {t('dismiss')}
          </Button>
        </div>
      ))}
      {exports.data !== undefined && !(nothing && list.length === 0) && (
        <div className="flex flex-wrap items-start gap-4">
          <div className="min-w-96 flex-1">
            <ExportsTable exports={list} selected={selected?.id} onOpen={({ id }) => show(id)} />
          </div>
          {selected !== undefined && (
            <div className="w-[32rem] max-w-full shrink-0">
              <ExportDetails key={selected.id} made={selected} onClose={() => show(undefined)} />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
