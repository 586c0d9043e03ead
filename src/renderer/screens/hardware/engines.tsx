import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineState } from '../../../shared/engines/contract.ts';
import { engineTitles } from '../../../shared/engines/engine.ts';
import { api } from '../../app/client.ts';
import { formatBytes, formatCount, formatDuration } from '../../app/format.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Table } from '../../components/table.tsx';
import { EngineWorkProgress } from './engine-work.tsx';
import { InstallEngine } from './install-engine.tsx';
import { RemoveEngine } from './remove-engine.tsx';
import { useEngineWork, useStartEngineWork } from './use-engine-work.ts';

const tones: Readonly<Record<EngineState['state'], BadgeTone>> = {
  ready: 'success',
  installable: 'neutral',
  failing: 'danger',
  impossible: 'neutral',
};

const purposes = { onnxruntime: 'onnxRuntimeText', tensorflow: 'tensorFlowText' } as const;

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
        <Table
          label={t('engines')}
          rows={data.engines}
          rowKey={({ name }) => name}
          columns={[
            {
              id: 'engine',
              title: t('engine'),
              className: 'whitespace-nowrap font-medium',
              render: ({ name, version }) => (
                <>
                  {engineTitles[name]}{' '}
                  {version !== undefined && <span className="text-sm text-ink-faint">{version}</span>}
                  {name === data.usual && (
                    <span className="block text-sm font-normal text-ink-faint">{t('usual')}</span>
                  )}
                </>
              ),
            },
            {
              id: 'state',
              title: t('state'),
              render: ({ state }) => <Badge tone={tones[state]}>{t(state)}</Badge>,
            },
            {
              id: 'does',
              title: t('does'),
              className: 'w-full py-2 text-ink-soft',
              render: ({ name, reason, device, bytes, unknownFiles, benchmark: kept }) => (
                <>
                  {t(purposes[name])}
                  {device !== undefined && bytes !== undefined && (
                    <span className="block text-sm text-ink-faint">
                      {t('installed', { device, bytes: formatBytes(bytes) })}
                    </span>
                  )}
                  {unknownFiles !== undefined && (
                    <span className="block text-sm text-ink-faint">
                      {t('unknownFiles', { files: unknownFiles.join(', ') })}
                    </span>
                  )}
                  {reason !== undefined && <span className="block text-danger">{reason}</span>}
                  {kept !== undefined && (
                    <span className="figures block text-sm">
                      {t('measured', {
                        rate: formatCount(Math.round(kept.matrixGigaflops)),
                        step: formatDuration(kept.secondsPerStep),
                        speed: formatCount(Math.round(kept.tokensPerSecond)),
                      })}
                    </span>
                  )}
                </>
              ),
            },
            {
              id: 'actions',
              title: '',
              render: ({ name, state }) =>
                name === 'tensorflow' && (
                  <span className="flex justify-end gap-2 whitespace-nowrap">
                    {state !== 'impossible' && (
                      <Button size="small" disabled={running} onClick={() => setDialog('install')}>
                        {state === 'installable' ? t('install') : t('installAnew')}
                      </Button>
                    )}
                    {(state === 'ready' || state === 'failing') && (
                      <Button size="small" disabled={running} onClick={() => setDialog('remove')}>
                        {t('remove')}
                      </Button>
                    )}
                  </span>
                ),
            },
          ]}
        />
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
