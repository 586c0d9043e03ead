import { useCallback, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { JobsOfKind, useJobEnd, type JobsOfKindProps } from '../../jobs/jobs-of-kind.tsx';
import { toast } from '../../components/toast.tsx';

/** Says when an import that was begun here is done, once, wherever the screen is by then. */
export function useImportEnd(started: number | undefined, onImported: (name: string) => void): void {
  const { t } = useTranslation('data');
  const tell = useCallback(
    (name: string) => {
      toast({ title: t('importReady', { name }), tone: 'success' });
      onImported(name);
    },
    [onImported, t],
  );
  useJobEnd(started, tell);
}

/** `about`: imports into this dataset alone. */
export type ImportJobsProps = Omit<JobsOfKindProps, 'kind'>;

/** The imports under way, and how the last one begun here ended. */
export function ImportJobs(props: ImportJobsProps): JSX.Element | null {
  return <JobsOfKind kind="import" {...props} />;
}
