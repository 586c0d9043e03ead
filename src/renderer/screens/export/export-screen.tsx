import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PackageOpen } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { NoModels } from '../../models/no-models.tsx';
import { ExportDetails } from './export-details.tsx';
import { ExportForm } from './export-form.tsx';
import { ExportsTable } from './exports-table.tsx';
import { StartedExport } from './started-export.tsx';

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
        <NoModels
          icon={PackageOpen}
          title={t('emptyTitle')}
          text={t('emptyText')}
          className={list.length === 0 ? 'flex-1' : ''}
        />
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
        <StartedExport
          key={job}
          job={job}
          exports={list}
          onShow={show}
          onDismiss={() => setStarted((before) => before.filter((other) => other !== job))}
        />
      ))}
      {exports.data !== undefined && !(nothing && list.length === 0) && (
        <ExportsTable exports={list} onOpen={({ id }) => show(id)} />
      )}
      {selected !== undefined && (
        <ExportDetails key={selected.id} made={selected} onClose={() => show(undefined)} />
      )}
    </Page>
  );
}
