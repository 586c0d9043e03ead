import { useMutation, useQuery } from '@tanstack/react-query';
import { ListChecks, ListX, SearchX } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/jobs/job.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { toastError } from '../../components/toast.tsx';
import { filterJobs, type JobFilter } from './filter-jobs.ts';
import { JobCard } from './job-card.tsx';
import { RunsElsewhere } from './runs-elsewhere.tsx';
import { TrainingQueue } from './training-queue.tsx';

/** All work that takes a while, under way and ended. */
export function ActivityScreen(): JSX.Element {
  const { t } = useTranslation('activity');
  const { data: jobs, error, refetch } = useQuery(api.jobs.list.queryOptions());
  const [filter, setFilter] = useState<JobFilter>('all');
  const [search, setSearch] = useState('');
  if (jobs === undefined)
    return (
      <Page title={t('title')} lead={t('lead')}>
        {error === null ? <Loading /> : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  const shown = filterJobs(jobs, filter, search);
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        jobs.length > 0 && (
          <>
            <SearchInput value={search} onChange={setSearch} label={t('search')} className="w-52" />
            <SegmentedControl
              label={t('filter')}
              value={filter}
              onChange={setFilter}
              size="medium"
              options={[
                { value: 'all', label: t('all') },
                { value: 'running', label: t('running') },
                { value: 'ended', label: t('ended') },
                { value: 'failed', label: t('failed') },
              ]}
            />
            <ClearEnded jobs={jobs} />
          </>
        )
      }
    >
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      <RunsElsewhere jobs={jobs} />
      <TrainingQueue />
      {jobs.length === 0 && (
        <EmptyState
          icon={ListChecks}
          title={t('emptyTitle')}
          text={t('emptyText')}
          actions={
            <LinkButton to="/data" variant="primary">
              {t('emptyAction')}
            </LinkButton>
          }
        />
      )}
      {jobs.length > 0 && shown.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={t('noneMatch')}
          text={t('noneMatchText')}
          actions={
            <Button
              onClick={() => {
                setFilter('all');
                setSearch('');
              }}
            >
              {t('showAll')}
            </Button>
          }
        />
      )}
      <ul aria-label={t('title')} className="flex flex-col gap-2">
        {shown.map((job) => (
          <li key={job.id}>
            <JobCard job={job} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function ClearEnded({ jobs }: { readonly jobs: readonly Job[] }): JSX.Element {
  const { t } = useTranslation('activity');
  const [asking, setAsking] = useState(false);
  const ended = jobs.filter(({ status }) => status !== 'running').length;
  const clear = useMutation(
    api.jobs.clearEnded.mutationOptions({ onError: toastError, onSettled: () => setAsking(false) }),
  );
  return (
    <>
      <Button icon={ListX} disabled={ended === 0} onClick={() => setAsking(true)}>
        {t('clear')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('clearTitle')}
        confirmLabel={t('clear')}
        busy={clear.isPending}
        onConfirm={() => clear.mutate(undefined)}
      >
        {t('clearText', { count: ended })}
      </ConfirmDialog>
    </>
  );
}
