import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from '../../../shared/runs/run.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';

const tones: Readonly<Record<RunStatus, BadgeTone>> = {
  queued: 'info',
  running: 'accent',
  paused: 'neutral',
  interrupted: 'warning',
  completed: 'success',
  stopped: 'neutral',
  failed: 'danger',
};

/** What a run is doing, in a word. */
export function RunStatusBadge({ status }: { readonly status: RunStatus }): JSX.Element {
  const { t } = useTranslation('run');
  return (
    <Badge tone={tones[status]} live={status === 'running'}>
      {t(`status.${status}`)}
    </Badge>
  );
}
