import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobKind } from '../../shared/jobs/job.ts';
import { api } from '../client/client.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { JobStatus } from './job-progress.tsx';

/** Tells once when a job that was begun here is done, with the name of what it was about. */
export function useJobEnd(started: number | undefined, onDone: (name: string) => void): void {
  const jobs = useQuery(api.jobs.list.queryOptions());
  const own = jobs.data?.find(({ id }) => id === started);
  const told = useRef<number>(undefined);
  useEffect(() => {
    if (own?.status !== 'completed' || told.current === own.id) return;
    told.current = own.id;
    onDone(own.subject?.name ?? '');
  }, [own, onDone]);
}

export interface JobsOfKindProps {
  readonly kind: JobKind;
  /** The job that was begun here. */
  readonly started: number | undefined;
  readonly onDismiss: () => void;
  /** Shows only jobs about what has this name. */
  readonly about?: string;
}

/** The jobs of a kind that are under way, whoever began them, and how the last one begun here ended. */
export function JobsOfKind({ kind, started, onDismiss, about }: JobsOfKindProps): JSX.Element | null {
  const { t } = useTranslation('kit');
  const jobs = useQuery(api.jobs.list.queryOptions());
  const shown = (jobs.data ?? []).filter(
    (job) =>
      job.kind === kind &&
      (about === undefined || job.subject?.name === about) &&
      // One that has ended stays only while it says more than that it is done.
      (job.status === 'running' ||
        (job.id === started && (job.status !== 'completed' || job.notices.length > 0))),
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
