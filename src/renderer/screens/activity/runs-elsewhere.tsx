import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SquareTerminal } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/jobs/job.ts';
import { api } from '../../client/client.ts';
import { runningWork } from '../../jobs/work-under-way.ts';
import { Badge } from '../../components/badge.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';

/** Runs that train without a job here: another program trains them. */
export function RunsElsewhere({ jobs }: { readonly jobs: readonly Job[] }): JSX.Element | null {
  const { t } = useTranslation('activity');
  const runs = useQuery(api.runs.list.queryOptions());
  const elsewhere = runningWork(jobs, runs.data ?? []).flatMap((work) =>
    work.kind === 'run' ? [work.run] : [],
  );
  if (elsewhere.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {elsewhere.map((run) => (
        <li key={run.name} className="rounded-lg border border-line bg-surface px-4 py-2.5 shadow-card">
          <div className="mb-2 flex items-center gap-3">
            <SquareTerminal aria-hidden className="size-4 text-ink-faint" />
            <Link to="/runs/$run" params={{ run: run.name }} className="font-medium hover:underline">
              {run.name}
            </Link>
            <span className="min-w-0 flex-1 truncate text-sm text-ink-faint">{t('runElsewhere')}</span>
            <Badge tone="accent" live>
              {t('statusRunning')}
            </Badge>
          </div>
          <ProgressBar value={run.steps === undefined ? undefined : run.step / run.steps} label={run.name} />
        </li>
      ))}
    </ul>
  );
}
