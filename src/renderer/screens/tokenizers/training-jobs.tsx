import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/jobs/job.ts';
import { api } from '../../app/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { JobStatus } from '../../components/job-progress.tsx';
import { toast } from '../../components/toast.tsx';

export interface TrainingJobsProps {
  /** The job that this page began. */
  readonly started: number | undefined;
  readonly onDismiss: () => void;
  /** Called with the tokenizer's name when that job has made it. */
  readonly onTrained: (name: string) => void;
}

/** The tokenizers that are being trained, whoever began it, and how the last one begun here ended. */
export function TrainingJobs({ started, onDismiss, onTrained }: TrainingJobsProps): JSX.Element | null {
  const { t } = useTranslation('tokenizers');
  const jobs = useQuery(api.jobs.list.queryOptions());
  const own = jobs.data?.find(({ id }) => id === started);
  const told = useRef<number>(undefined);
  useEffect(() => {
    if (own?.status !== 'completed' || told.current === own.id) return;
    told.current = own.id;
    const name = own.subject?.name ?? '';
    toast({ title: t('trained', { name }), tone: 'success' });
    onTrained(name);
  }, [own, onTrained, t]);
  const shown = (jobs.data ?? []).filter(
    (job) => job.kind === 'tokenizer' && (job.status === 'running' || (job.id === started && hasNews(job))),
  );
  if (shown.length === 0) return null;
  return (
    <div className="flex flex-col gap-3">
      {shown.map((job) => (
        <Card
          key={job.id}
          title={job.subject?.name ?? job.title}
          actions={
            job.status !== 'running' && (
              <Button size="small" variant="quiet" onClick={onDismiss}>
                {t('dismiss')}
              </Button>
            )
          }
        >
          <JobStatus job={job} />
        </Card>
      ))}
    </div>
  );
}

/** Whether a job that has ended says more than that it is done. */
function hasNews({ status, notices }: Job): boolean {
  return status !== 'completed' || notices.length > 0;
}
