import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { JobStatus } from '../../components/job-progress.tsx';
import { toast } from '../../components/toast.tsx';

/** Says when an import that was begun here is done, once, wherever the screen is by then. */
export function useImportEnd(started: number | undefined, onImported: (name: string) => void): void {
  const { t } = useTranslation('data');
  const jobs = useQuery(api.jobs.list.queryOptions());
  const own = jobs.data?.find(({ id }) => id === started);
  const told = useRef<number>(undefined);
  useEffect(() => {
    if (own?.status !== 'completed' || told.current === own.id) return;
    told.current = own.id;
    const name = own.subject?.name ?? '';
    toast({ title: t('importReady', { name }), tone: 'success' });
    onImported(name);
  }, [own, onImported, t]);
}

export interface ImportJobsProps {
  /** The import that was begun here. */
  readonly started: number | undefined;
  readonly onDismiss: () => void;
  /** Shows only imports into this dataset. */
  readonly dataset?: string;
}

/** The imports under way, whoever began them, and how the last one begun here ended. */
export function ImportJobs({ started, onDismiss, dataset }: ImportJobsProps): JSX.Element | null {
  const { t } = useTranslation('data');
  const jobs = useQuery(api.jobs.list.queryOptions());
  const shown = (jobs.data ?? []).filter(
    ({ id, kind, status, notices, subject }) =>
      kind === 'import' &&
      (dataset === undefined || subject?.name === dataset) &&
      (status === 'running' || (id === started && (status !== 'completed' || notices.length > 0))),
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
