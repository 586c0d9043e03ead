import {
  Blocks,
  ChartSpline,
  FileInput,
  Gauge,
  ListFilter,
  PackageOpen,
  ShieldCheck,
  Sprout,
  Timer,
  type LucideIcon,
} from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobKind, JobStatus } from '../../../shared/jobs/job.ts';
import { formatDuration } from '../../format/format.ts';
import { JobLink } from '../../jobs/job-link.tsx';
import { Ago } from '../../components/ago.tsx';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { JobStatus as JobDetails } from '../../jobs/job-progress.tsx';
import { Notice } from '../../components/notice.tsx';

const kinds = {
  import: { icon: FileInput, name: 'kindImport' },
  curation: { icon: ListFilter, name: 'kindCuration' },
  tokenizer: { icon: Blocks, name: 'kindTokenizer' },
  preparation: { icon: Sprout, name: 'kindPreparation' },
  training: { icon: ChartSpline, name: 'kindTraining' },
  measurement: { icon: Timer, name: 'kindMeasurement' },
  evaluation: { icon: Gauge, name: 'kindEvaluation' },
  export: { icon: PackageOpen, name: 'kindExport' },
  verification: { icon: ShieldCheck, name: 'kindVerification' },
} as const satisfies Record<JobKind, { readonly icon: LucideIcon; readonly name: string }>;

const statuses = {
  running: { tone: 'accent', name: 'statusRunning' },
  completed: { tone: 'success', name: 'statusCompleted' },
  failed: { tone: 'danger', name: 'statusFailed' },
  cancelled: { tone: 'neutral', name: 'statusCancelled' },
  interrupted: { tone: 'warning', name: 'statusInterrupted' },
} as const satisfies Record<JobStatus, { readonly tone: BadgeTone; readonly name: string }>;

/** A job: what it is, how far it is or how it ended, and the way to what it is about. */
export function JobCard({ job }: { readonly job: Job }): JSX.Element {
  const { t } = useTranslation('activity');
  const { icon: Icon, name: kindName } = kinds[job.kind];
  const { tone, name: statusName } = statuses[job.status];
  return (
    <article className="rounded-lg border border-line bg-surface px-4 py-2.5 shadow-card">
      <div className="flex items-center gap-3">
        <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2.5">
          <JobLink
            job={job}
            aria-label={t('open', { title: job.title })}
            className="truncate font-medium hover:underline"
          >
            {job.title}
          </JobLink>
          <span className="text-sm text-ink-faint">{t(kindName)}</span>
        </div>
        <span className="hidden shrink-0 text-sm text-ink-faint sm:inline">
          <When job={job} />
        </span>
        <Badge tone={tone} live={job.status === 'running'}>
          {t(statusName)}
        </Badge>
      </div>
      <Outcome job={job} />
    </article>
  );
}

function When({ job: { startedAt, endedAt } }: { readonly job: Job }): JSX.Element {
  const { t } = useTranslation('activity');
  const took =
    endedAt === undefined ? undefined : (new Date(endedAt).getTime() - new Date(startedAt).getTime()) / 1000;
  return (
    <>
      <Ago moment={startedAt} show={(ago) => t('started', { ago })} />
      {took !== undefined && ` · ${t('took', { duration: formatDuration(took) })}`}
    </>
  );
}

/** What there is to say below the line; nothing where a job simply ended as it should. */
function Outcome({ job }: { readonly job: Job }): JSX.Element | null {
  switch (job.status) {
    case 'running':
    case 'failed':
    case 'interrupted':
      return (
        <div className="mt-2 pl-7">
          <JobDetails job={job} />
        </div>
      );
    case 'completed':
    case 'cancelled':
      return job.notices.length === 0 ? null : (
        <Notice tone="info" className="mt-2 ml-7">
          {job.notices.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      );
  }
}
