import { Link } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { shareTrained } from '../../shared/runs/progress.ts';
import { shareDone } from '../jobs/job-progress.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { formatCount, formatEstimate } from '../format/format.ts';
import { JobLink } from '../jobs/job-link.tsx';
import { useSteadyEstimate } from '../format/steady-estimate.ts';
import type { RunningWork } from '../jobs/work-under-way.ts';
import { useRunningWork } from '../jobs/running-work.ts';
import { TrainingElsewhere } from './training-elsewhere.tsx';
import { MiddleCut } from '../components/middle-cut.tsx';

const mostShown = 2;

/** What is running now in the project and how long it will take, with a way there. */
export function RunningPanel({ collapsed }: { readonly collapsed: boolean }): JSX.Element {
  const { t } = useTranslation('shell');
  const work = useRunningWork();
  if (collapsed)
    return (
      <div className="flex justify-center border-t border-line p-2">
        {work.length > 0 && (
          <Tooltip text={`${t('runningNow')}: ${work.length}`} side="right">
            <Link
              to="/activity"
              aria-label={`${t('runningNow')}: ${work.length}`}
              className="flex size-8 items-center justify-center rounded-md text-accent-text hover:bg-hover"
            >
              <LoaderCircle aria-hidden className="size-4 animate-spin" />
            </Link>
          </Tooltip>
        )}
      </div>
    );
  return (
    <section aria-labelledby="running-now" className="border-t border-line px-3 py-2.5">
      <h2
        id="running-now"
        className={
          work.length === 0 ? 'text-sm text-ink-faint' : 'mb-1.5 text-xs font-semibold text-ink-faint'
        }
      >
        {work.length === 0 ? t('nothingRuns') : t('runningNow')}
      </h2>
      <ul className="flex flex-col gap-2">
        {work.slice(0, mostShown).map((entry) => (
          <li key={entry.kind === 'job' ? `job-${entry.job.id}` : `run-${entry.run.name}`}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
      {work.length > mostShown && (
        <Link to="/activity" className="mt-1.5 block text-sm text-ink-soft hover:text-ink hover:underline">
          {t('moreRunning', { count: work.length - mostShown })}
        </Link>
      )}
      <TrainingElsewhere />
    </section>
  );
}

const linkClass = 'block rounded-md -mx-1.5 px-1.5 py-1 hover:bg-hover';

function Entry({ entry }: { readonly entry: RunningWork }): JSX.Element {
  const { t } = useTranslation('shell');
  switch (entry.kind) {
    case 'job': {
      const { job } = entry;
      const { progress } = job;
      return (
        <JobLink job={job} className={linkClass}>
          <Line
            title={job.title}
            stage={progress?.stage}
            share={shareDone(job)}
            remaining={progress?.remainingSeconds}
          />
        </JobLink>
      );
    }
    case 'run': {
      const { run } = entry;
      return (
        <Link to="/runs/$run" params={{ run: run.name }} className={linkClass}>
          <Line
            title={t('runOf', { name: run.name })}
            stage={
              run.steps === undefined
                ? t('step', { step: formatCount(run.step) })
                : t('stepOf', { step: formatCount(run.step), steps: formatCount(run.steps) })
            }
            share={shareTrained(run)}
            remaining={run.remainingSeconds}
          />
        </Link>
      );
    }
  }
}

interface LineProps {
  readonly title: string;
  readonly stage: string | undefined;
  readonly share: number | undefined;
  readonly remaining: number | undefined;
}

function Line({ title, stage, share, remaining }: LineProps): JSX.Element {
  const { t } = useTranslation('shell');
  const left = useSteadyEstimate(remaining);
  return (
    <>
      <MiddleCut text={title} className="text-sm font-medium" />
      <span className="mb-1 flex gap-2 text-xs text-ink-faint">
        <span className="min-w-0 flex-1 truncate">{stage}</span>
        {left !== undefined && (
          <span className="figures shrink-0">{t('left', { duration: formatEstimate(left) })}</span>
        )}
      </span>
      <ProgressBar value={share} label={title} />
    </>
  );
}
