import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Machine } from '../../../shared/hardware/contract.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCount, formatPercent } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Figure } from '../../components/figure.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Engines } from './engines.tsx';
import { GraphicsProcessors } from './graphics-processors.tsx';

/** Below this share of free space a disk counts as nearly full. */
const lowDisk = 0.05;

/** The computer that Loam runs on, and what of it can be used. */
export function HardwareScreen(): JSX.Element {
  const { t } = useTranslation('hardware');
  const { data, error, refetch, isFetching } = useQuery({
    ...api.hardware.show.queryOptions(),
    refetchOnMount: 'always',
  });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button icon={RotateCw} busy={isFetching} onClick={() => void refetch()}>
          {t('refresh')}
        </Button>
      }
    >
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <Details machine={data} />}
    </Page>
  );
}

function Details({ machine }: { readonly machine: Machine }): JSX.Element {
  const { t } = useTranslation('hardware');
  const settings = useQuery(api.settings.show.queryOptions());
  const freeCores = settings.data?.freeCores ?? 0;
  const { disk } = machine;
  const used = 1 - machine.freeMemoryBytes / machine.memoryBytes;
  return (
    <div className="flex max-w-6xl flex-col gap-4">
      {disk !== undefined && disk.freeBytes < lowDisk * disk.totalBytes && (
        <Notice tone="warning" title={t('diskLow')}>
          {t('diskLowText')}
        </Notice>
      )}
      <Card title={t('computer')}>
        <div className="grid grid-cols-1 gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
          <Figure
            label={t('processor')}
            value={machine.processor}
            note={[machine.architecture, ...machine.instructionSets].join(' · ')}
          />
          <Figure
            label={t('cores')}
            explain="hardware.cores"
            value={formatCount(machine.cores)}
            note={
              <>
                {t('coresFree', { count: freeCores })}{' '}
                <Link to="/settings" className="link">
                  {t('changeFreeCores')}
                </Link>
              </>
            }
          />
          <Figure
            label={t('memory')}
            explain="hardware.memory"
            value={formatBytes(machine.memoryBytes)}
            note={
              <>
                {t('memoryFree', { bytes: formatBytes(machine.freeMemoryBytes) })}
                <ProgressBar
                  value={used}
                  label={`${t('memory')}: ${formatPercent(used)}`}
                  className="mt-1.5"
                />
              </>
            }
          />
          {disk !== undefined && (
            <Figure
              label={t('disk')}
              explain="hardware.diskSpace"
              value={formatBytes(disk.freeBytes)}
              note={
                <>
                  {t('diskOf', { bytes: formatBytes(disk.totalBytes) })}
                  <ProgressBar
                    value={1 - disk.freeBytes / disk.totalBytes}
                    label={t('disk')}
                    className="mt-1.5"
                  />
                </>
              }
            />
          )}
        </div>
      </Card>
      <Engines />
      <GraphicsProcessors list={machine.graphicsProcessors} />
      <p className="text-sm text-ink-faint">
        {t('versions')}: Loam {machine.versions.loam} · Node {machine.versions.node} ·{' '}
        {machine.operatingSystem}
      </p>
    </div>
  );
}
