import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { EngineComparison } from './engine-comparison.tsx';
import { EngineEntry } from './engine-entry.tsx';
import { EngineWorkProgress } from './engine-work.tsx';
import { InstallEngine } from './install-engine.tsx';
import { RemoveEngine } from './remove-engine.tsx';
import { useEngineWork, useStartEngineWork } from './use-engine-work.ts';

/** What can compute here, how fast it does, and what can be installed. */
export function Engines(): JSX.Element {
  const { t } = useTranslation('hardware');
  const queries = useQueryClient();
  const list = useQuery(api.engines.list.queryOptions());
  const work = useEngineWork();
  const benchmark = useStartEngineWork(api.engines.benchmark.mutationOptions());
  const [dialog, setDialog] = useState<'install' | 'remove'>();
  const status = work?.status;
  useEffect(() => {
    // What was installed or measured shows when the work has ended, whoever began it.
    if (status !== undefined && status !== 'running')
      void queries.invalidateQueries({ queryKey: api.engines.list.key() });
  }, [queries, status]);
  const running = status === 'running';
  const { data } = list;
  const tensorFlow = data?.engines.find(({ name }) => name === 'tensorflow');
  return (
    <Card
      title={t('engines')}
      explain="hardware.engine"
      flush
      actions={
        <Button
          icon={Gauge}
          size="small"
          disabled={running}
          busy={benchmark.isPending}
          onClick={() => benchmark.mutate(undefined)}
        >
          {t('measure')}
        </Button>
      }
    >
      <ErrorNotice error={list.error ?? benchmark.error} onRetry={() => void list.refetch()} />
      {data === undefined && list.error === null && <Loading />}
      {data !== undefined && (
        <>
          <EngineComparison engines={data.engines} />
          <ul className="@container" aria-label={t('engines')}>
            {data.engines.map((engine) => (
              <EngineEntry
                key={engine.name}
                engine={engine}
                usual={engine.name === data.usual}
                actions={
                  engine.name === 'tensorflow' && engine.state !== 'impossible' ? (
                    <>
                      <Button size="small" disabled={running} onClick={() => setDialog('install')}>
                        {engine.state === 'installable' ? t('install') : t('installAnew')}
                      </Button>
                      {engine.state !== 'installable' && (
                        <Button size="small" disabled={running} onClick={() => setDialog('remove')}>
                          {t('remove')}
                        </Button>
                      )}
                    </>
                  ) : undefined
                }
              />
            ))}
          </ul>
        </>
      )}
      {work !== undefined && <EngineWorkProgress work={work} />}
      {dialog === 'install' && data !== undefined && (
        <InstallEngine offers={data.offers} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'remove' && tensorFlow !== undefined && (
        <RemoveEngine bytes={tensorFlow.bytes ?? 0} onClose={() => setDialog(undefined)} />
      )}
    </Card>
  );
}
