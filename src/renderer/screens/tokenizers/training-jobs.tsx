import { useCallback, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { JobsOfKind, useJobEnd } from '../../jobs/jobs-of-kind.tsx';
import { toast } from '../../components/toast.tsx';

export interface TrainingJobsProps {
  /** The job that this page began. */
  readonly started: number | undefined;
  readonly onDismiss: () => void;
  /** Called with the tokenizer's name when that job has made it. */
  readonly onTrained: (name: string) => void;
}

/** The tokenizers that are being trained, whoever began it, and how the last one begun here ended. */
export function TrainingJobs({ started, onDismiss, onTrained }: TrainingJobsProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const tell = useCallback(
    (name: string) => {
      toast({ title: t('trained', { name }), tone: 'success' });
      onTrained(name);
    },
    [onTrained, t],
  );
  useJobEnd(started, tell);
  return <JobsOfKind kind="tokenizer" started={started} onDismiss={onDismiss} />;
}
