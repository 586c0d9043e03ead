import { useMutation, useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { JobsOfKind } from '../../jobs/jobs-of-kind.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { toastError } from '../../components/toast.tsx';
import { Outcome } from './outcome.tsx';

/** Reads everything that the project keeps, says what is damaged, and mends what can be mended. */
export function CheckScreen(): JSX.Element {
  const { t } = useTranslation('check');
  const last = useQuery(api.integrity.last.queryOptions());
  const jobs = useQuery(api.jobs.list.queryOptions());
  const [started, setStarted] = useState<number>();
  const begin = { onSuccess: ({ job }: { readonly job: number }) => setStarted(job), onError: toastError };
  const verify = useMutation(api.integrity.verify.mutationOptions(begin));
  const repair = useMutation(api.integrity.repair.mutationOptions(begin));
  const accept = useMutation(api.integrity.accept.mutationOptions(begin));
  const isRunning =
    verify.isPending ||
    repair.isPending ||
    accept.isPending ||
    (jobs.data ?? []).some(({ kind, status }) => kind === 'verification' && status === 'running');
  const start = (
    <Button variant="primary" icon={ShieldCheck} busy={isRunning} onClick={() => verify.mutate({})}>
      {last.data === null || last.data === undefined ? t('start') : t('again')}
    </Button>
  );
  const isNew = last.data === null;

  return (
    <Page
      title={t('title')}
      lead={
        <>
          {t('lead')} <Explain term="integrity.hash" />
        </>
      }
      actions={isNew ? undefined : start}
    >
      <ErrorNotice error={last.error} onRetry={() => void last.refetch()} />
      <JobsOfKind kind="verification" started={started} onDismiss={() => setStarted(undefined)} />
      {last.isPending && <Loading />}
      {isNew && (
        <Card className="flex-1">
          <EmptyState
            icon={ShieldCheck}
            title={isRunning ? t('firstTitle') : t('emptyTitle')}
            text={t('emptyText')}
            actions={start}
          />
        </Card>
      )}
      {last.data !== null && last.data !== undefined && (
        <Outcome
          record={last.data}
          busy={isRunning}
          onRepair={(checkedAt) => repair.mutate({ checkedAt })}
          onAccept={(checkedAt) => accept.mutate({ checkedAt })}
        />
      )}
    </Page>
  );
}
