import { useNavigate } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { JobProgress } from '../../components/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useJobEnd } from './use-job-end.ts';

/** A run that was asked for: its preparation, then its own screen. */
export function Preparation({
  job,
  run,
  onDone,
  onBack,
}: {
  readonly job: number;
  readonly run: string;
  /** The run is prepared: what was chosen is not needed any more. */
  readonly onDone: () => void;
  readonly onBack: () => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const navigate = useNavigate();
  const data = useJobEnd(job, ({ status, notices }) => {
    if (status !== 'completed') return;
    onDone();
    // With something to read, the person goes on herself.
    if (notices.length === 0) void navigate({ to: '/runs/$run', params: { run } });
  });
  const ended = data !== undefined && data.status !== 'running';
  return (
    <Card title={t('preparing', { name: run })}>
      <p className="mb-3 text-ink-soft">{t('preparingLead')}</p>
      <JobProgress job={job} />
      {ended && (
        <div className="mt-3 flex gap-2">
          {data.status === 'completed' ? (
            <LinkButton to="/runs/$run" params={{ run }} variant="primary">
              {t('openRun')}
            </LinkButton>
          ) : (
            <Button onClick={onBack}>{t('toReview')}</Button>
          )}
        </div>
      )}
    </Card>
  );
}
