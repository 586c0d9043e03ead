import { useMutation, useQuery } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../shared/jobs/job.ts';
import { api } from '../client/client.ts';
import { formatCount, formatEstimate } from '../format/format.ts';
import { useSteadyEstimate } from '../format/steady-estimate.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Notice } from '../components/notice.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { toastError } from '../components/toast.tsx';

export interface JobProgressProps {
  /** The job's id, as the procedure that began it returned it. */
  readonly job: number;
  /** Shows nothing once the job was completed without anything to say. */
  readonly hideWhenDone?: boolean;
}

/** Follows a job: what it is busy with, how far it is, how long it will take; a way to stop it; what went wrong. */
export function JobProgress({ job, hideWhenDone = false }: JobProgressProps): JSX.Element | null {
  const { data, error } = useQuery(api.jobs.show.queryOptions({ input: { id: job } }));
  if (data === undefined) return <ErrorNotice error={error} />;
  if (data.status === 'completed' && hideWhenDone && data.notices.length === 0) return null;
  return <JobStatus job={data} />;
}

/** How much of a job is done, from 0 to 1, where that is known. */
export function shareDone({ progress }: Job): number | undefined {
  return progress?.done === undefined || progress.total === undefined
    ? undefined
    : Math.min(1, progress.done / progress.total);
}

/** The same for a job that is at hand. */
export function JobStatus({ job }: { readonly job: Job }): JSX.Element {
  const { t } = useTranslation('kit');
  const notices = job.notices.length > 0 && (
    <Notice tone="info">
      {job.notices.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  );
  switch (job.status) {
    case 'running':
      return (
        <div className="flex flex-col gap-2">
          <RunningJob job={job} />
          {notices}
        </div>
      );
    case 'completed':
      return (
        <div className="flex flex-col gap-2">
          <Notice tone="success">
            {job.title}: {t('jobCompleted')}
          </Notice>
          {notices}
        </div>
      );
    case 'failed':
      return (
        <div className="flex flex-col gap-2">
          <ErrorNotice error={job.error ?? new Error(job.title)} />
          {notices}
        </div>
      );
    case 'cancelled':
      return (
        <Notice tone="info">
          {job.title}: {t('jobCancelled')}
        </Notice>
      );
    case 'interrupted':
      return (
        <Notice tone="warning" title={`${job.title}: ${t('jobInterrupted')}`}>
          {t('jobInterruptedText')}
        </Notice>
      );
  }
}

function RunningJob({ job }: { readonly job: Job }): JSX.Element {
  const { t } = useTranslation('kit');
  const cancel = useMutation(api.jobs.cancel.mutationOptions({ onError: toastError }));
  const { progress } = job;
  const left = useSteadyEstimate(progress?.remainingSeconds);
  const stopping = cancel.isPending || cancel.isSuccess;
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3">
          <span className="min-w-0 flex-1 truncate font-medium">
            {stopping ? t('jobStopping') : (progress?.stage ?? job.title)}
          </span>
          <span className="figures text-sm text-ink-faint">
            {progress?.done !== undefined &&
              progress.total !== undefined &&
              progress.total > 1 &&
              Number.isInteger(progress.total) &&
              t('progressOf', { done: formatCount(progress.done), total: formatCount(progress.total) })}
            {left !== undefined && ` · ${t('remaining', { duration: formatEstimate(left) })}`}
          </span>
        </div>
        <ProgressBar value={shareDone(job)} label={job.title} />
      </div>
      <Button size="small" icon={Square} busy={stopping} onClick={() => cancel.mutate({ id: job.id })}>
        {t('jobStop')}
      </Button>
    </div>
  );
}
