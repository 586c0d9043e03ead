import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunStatus, RunSummary } from '../../shared/runs/run.ts';
import { Badge, type BadgeTone } from '../components/badge.tsx';

const tones: Readonly<Record<RunStatus, BadgeTone>> = {
  queued: 'info',
  running: 'accent',
  paused: 'neutral',
  interrupted: 'warning',
  completed: 'success',
  stopped: 'neutral',
  failed: 'danger',
};

/** What a run is doing, in a word. One that is prepared and was never started is no interrupted one. */
export function RunStatusBadge({
  run: { status, startedAt },
}: {
  readonly run: Pick<RunSummary, 'status' | 'startedAt'>;
}): JSX.Element {
  const { t } = useTranslation('run');
  if (status === 'interrupted' && startedAt === undefined)
    return <Badge tone="neutral">{t('status.notStarted')}</Badge>;
  return (
    <Badge tone={tones[status]} live={status === 'running'}>
      {t(`status.${status}`)}
    </Badge>
  );
}
