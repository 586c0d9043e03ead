import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Database, Gauge } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { withTexts } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { NoModels } from '../../models/no-models.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { MeasureForm } from './measure-form.tsx';
import { ResultsTable } from './results-table.tsx';
import type { EvaluateView } from './search.ts';
import { StartedMeasurements } from './started-measurements.tsx';

const route = getRouteApi('/project/evaluate');

/** Measures models on texts and compares them. */
export function EvaluateScreen(): JSX.Element {
  const { t } = useTranslation('evaluate');
  const { checkpoint, dataset, view = 'results' } = route.useSearch();
  const navigate = route.useNavigate();
  const models = useQuery(api.checkpoints.listAll.queryOptions());
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  const results = useQuery(api.evaluations.list.queryOptions());
  const [started, setStarted] = useState<readonly number[]>([]);
  const error = models.error ?? datasets.error ?? results.error;
  const retry = (): void => {
    for (const query of [models, datasets, results]) if (query.error !== null) void query.refetch();
  };
  const list = results.data ?? [];

  return (
    <Page title={t('title')} lead={t('lead')}>
      <ErrorNotice error={error} onRetry={retry} />
      {(models.isPending || datasets.isPending || results.isPending) && <Loading />}
      {models.data?.length === 0 && list.length === 0 && (
        <NoModels icon={Gauge} title={t('emptyModelsTitle')} text={t('emptyModelsText')} />
      )}
      {models.data !== undefined && models.data.length > 0 && datasets.data?.length === 0 && (
        <Card>
          <EmptyState
            icon={Database}
            title={t('emptyDataTitle')}
            text={t('emptyDataText')}
            actions={
              <LinkButton to="/data" variant="primary">
                {t('toData')}
              </LinkButton>
            }
          />
        </Card>
      )}
      {models.data !== undefined &&
        models.data.length > 0 &&
        datasets.data !== undefined &&
        datasets.data.length > 0 && (
          <MeasureForm
            models={models.data}
            datasets={datasets.data}
            checkpoint={checkpoint}
            dataset={dataset}
            onChange={(changes) =>
              void navigate({ search: (before) => ({ ...before, ...changes }), replace: true })
            }
            onStarted={(job) => setStarted((before) => [job, ...before])}
          />
        )}
      <StartedMeasurements
        started={started}
        results={list}
        onDismiss={(jobs) => setStarted((before) => before.filter((other) => !jobs.includes(other)))}
      />
      {results.data !== undefined && (list.length > 0 || (models.data ?? []).length > 0) && (
        <Tabs<EvaluateView>
          label={t('views')}
          value={view}
          onChange={(chosen) =>
            void navigate({ search: (before) => ({ ...before, view: chosen }), replace: true })
          }
          tabs={[
            { value: 'results', label: t('results'), content: <ResultsTable results={list} /> },
            { value: 'compare', label: t('compare'), content: <ComparisonView results={list} /> },
          ]}
        />
      )}
    </Page>
  );
}
