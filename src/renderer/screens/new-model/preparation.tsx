import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useJobEnd } from '../../jobs/use-job-end.ts';

/** A run that was asked for: its preparation, then its own screen. What is told of it stays until the person leaves. */
export function Preparation({
  job,
  run,
  onPrepared,
  onLeave,
  onBack,
  onPlanAnother,
}: {
  readonly job: number;
  readonly run: string;
  /** The run is prepared: what was chosen is not needed any more. This stays to tell of it. */
  readonly onPrepared: () => void;
  /** The person has left the page after the end: it need not be told again. */
  readonly onLeave: () => void;
  /** Back to what was chosen, of which nothing came. */
  readonly onBack: () => void;
  readonly onPlanAnother: () => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const navigate = useNavigate();
  const data = useJobEnd(job, ({ status, notices }) => {
    if (status !== 'completed') return;
    onPrepared();
    // With something to read, the person goes on herself.
    if (notices.length === 0) void navigate({ to: '/runs/$run', params: { run } });
  });
  const ended = data !== undefined && data.status !== 'running';
  const prepared = data?.status === 'completed';
  const leave = useEffectEvent(() => {
    if (prepared) onLeave();
  });
  useEffect(() => () => leave(), []);
  return (
    <Card title={t(prepared ? 'prepared' : 'preparing', { name: run })}>
      {!prepared && <p className="mb-3 text-ink-soft">{t('preparingLead')}</p>}
      <JobProgress job={job} />
      {ended && (
        <div className="mt-3 flex gap-2">
          {prepared ? (
            <>
              <LinkButton to="/runs/$run" params={{ run }} variant="primary">
                {t('openRun')}
              </LinkButton>
              <Button onClick={onPlanAnother}>{t('planAnother')}</Button>
            </>
          ) : (
            <Button onClick={onBack}>{t('toReview')}</Button>
          )}
        </div>
      )}
    </Card>
  );
}
