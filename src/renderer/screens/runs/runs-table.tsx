import { Link, useNavigate } from '@tanstack/react-router';
import { GitBranch, StickyNote } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { shareTrained } from '../../../shared/runs/progress.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import {
  formatAgo,
  formatCompact,
  formatCount,
  formatDuration,
  formatEstimate,
  formatLoss,
  formatMoment,
  formatParameters,
} from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { RunStatusBadge } from '../../runs/run-status.tsx';
import { RunRowMenu } from './run-row-menu.tsx';

export interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
  readonly onDelete: (name: string) => void;
  readonly empty: JSX.Element;
}

/** Runs as rows: how they stand, how well they do, what one can do with each. */
export function RunsTable({ runs, chosen, onChosen, onDelete, empty }: RunsTableProps): JSX.Element {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const columns = useMemo((): readonly TableColumn<RunSummary>[] => {
    const shown = runs.filter(({ name }) => chosen.has(name)).length;
    const toggle = (name: string, on: boolean): void => {
      const next = new Set(chosen);
      if (on) next.add(name);
      else next.delete(name);
      onChosen(next);
    };
    return [
      {
        id: 'choose',
        className: 'w-9',
        title: (
          <Checkbox
            label={t('chooseAll')}
            hideLabel
            checked={runs.length > 0 && shown === runs.length}
            mixed={shown > 0 && shown < runs.length}
            onChange={(on) => onChosen(on ? new Set(runs.map(({ name }) => name)) : new Set())}
          />
        ),
        render: ({ name }) => (
          <Checkbox
            label={t('choose', { name })}
            hideLabel
            checked={chosen.has(name)}
            onChange={(on) => toggle(name, on)}
          />
        ),
      },
      {
        id: 'name',
        title: t('name'),
        sortBy: ({ name }) => name,
        render: (run) => <RunName run={run} />,
      },
      {
        id: 'status',
        title: t('status'),
        sortBy: (run) => `${run.status} ${shareTrained(run) ?? 0}`,
        render: (run) => <RunStanding run={run} />,
      },
      {
        id: 'best',
        title: t('bestLoss'),
        explain: 'training.bestLoss',
        align: 'end',
        className: 'whitespace-nowrap',
        sortBy: ({ bestLoss }) => bestLoss,
        render: ({ bestLoss, validationLoss }) => (
          <>
            <div className="font-medium">{formatLoss(bestLoss)}</div>
            {validationLoss !== undefined && validationLoss !== bestLoss && (
              <div className="text-xs text-ink-faint">
                {t('validationNow', { loss: formatLoss(validationLoss) })}
              </div>
            )}
          </>
        ),
      },
      {
        id: 'parameters',
        title: t('parameters'),
        align: 'end',
        sortBy: ({ parameters }) => parameters,
        render: ({ parameters }) => formatParameters(parameters),
      },
      {
        id: 'dataset',
        title: t('dataset'),
        sortBy: ({ dataset }) => dataset,
        render: ({ dataset }) => <span className="block w-28 truncate 2xl:w-44">{dataset}</span>,
      },
      {
        id: 'time',
        title: t('time'),
        align: 'end',
        className: 'whitespace-nowrap',
        sortBy: ({ elapsedSeconds }) => elapsedSeconds,
        render: ({ elapsedSeconds, createdAt }) => (
          <>
            <div>{elapsedSeconds === 0 ? '–' : formatDuration(elapsedSeconds)}</div>
            <div className="text-xs text-ink-faint" title={formatMoment(createdAt)}>
              {formatAgo(createdAt)}
            </div>
          </>
        ),
      },
      {
        id: 'actions',
        title: (
          <span className="relative">
            <span className="sr-only">{t('actions')}</span>
          </span>
        ),
        align: 'end',
        render: (run) => <RunRowMenu run={run} onDelete={() => onDelete(run.name)} />,
      },
    ];
  }, [runs, chosen, onChosen, onDelete, t]);
  return (
    <Table
      label={t('table')}
      columns={columns}
      rows={runs}
      rowKey={({ name }) => name}
      onOpen={({ name }) => void navigate({ to: '/runs/$run', params: { run: name } })}
      empty={empty}
    />
  );
}

function RunName({ run }: { readonly run: RunSummary }): JSX.Element {
  const { t } = useTranslation('runs');
  const { name, tags, notes, parent } = run;
  return (
    <div className="flex w-44 flex-col py-1.5 2xl:w-80">
      <span className="flex min-w-0 items-center gap-1.5">
        <Link to="/runs/$run" params={{ run: name }} className="truncate font-medium hover:underline">
          {name}
        </Link>
        {notes !== '' && (
          <Tooltip text={notes.length > 300 ? `${notes.slice(0, 300)}…` : notes}>
            <StickyNote
              role="img"
              aria-label={t('hasNotes', { notes: notes.slice(0, 300) })}
              className="size-3.5 shrink-0 text-ink-faint"
            />
          </Tooltip>
        )}
      </span>
      {(tags.length > 0 || parent !== undefined) && (
        <span className="mt-0.5 flex min-w-0 flex-wrap items-center gap-1">
          {parent !== undefined && (
            <span className="inline-flex min-w-0 items-center gap-1 text-xs text-ink-faint">
              <GitBranch aria-hidden className="size-3 shrink-0" />
              <span className="truncate">
                {t('branchOf', { run: parent.run, step: formatCount(parent.step) })}
              </span>
            </span>
          )}
          {tags.map((tag) => (
            <Badge key={tag} tone="accent">
              {tag}
            </Badge>
          ))}
        </span>
      )}
    </div>
  );
}

/** What it does, and how far it is. */
function RunStanding({ run }: { readonly run: RunSummary }): JSX.Element {
  const { t } = useTranslation('runs');
  const { t: tRun } = useTranslation('run');
  const { step, steps, status } = run;
  const count =
    steps === undefined
      ? formatCompact(step)
      : t('stepOf', { step: formatCompact(step), steps: formatCompact(steps) });
  const more =
    status === 'running' && run.remainingSeconds !== undefined
      ? t('remaining', { duration: formatEstimate(run.remainingSeconds) })
      : run.queuePlace === undefined
        ? undefined
        : t('waitingPlace', { place: run.queuePlace });
  return (
    <div className="flex w-40 flex-col gap-1 py-1.5">
      <span className="figures flex items-center justify-between gap-2 text-sm whitespace-nowrap text-ink-soft">
        <RunStatusBadge run={run} />
        <span title={steps === undefined ? undefined : `${formatCount(step)} / ${formatCount(steps)}`}>
          {count}
        </span>
      </span>
      {status !== 'completed' && (
        <ProgressBar
          label={tRun('progress', { name: run.name })}
          value={shareTrained(run) ?? (status === 'running' ? undefined : 0)}
          tone={status === 'failed' ? 'danger' : status === 'running' ? 'accent' : 'quiet'}
        />
      )}
      {more !== undefined && <span className="text-xs text-ink-faint">{more}</span>}
    </div>
  );
}
