import { GitBranch } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { shareTrained, stepsCut, stepsToTrainLonger } from '../../../shared/runs/progress.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatEstimate,
  formatLoss,
} from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjective } from '../../client/objectives.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Figure } from '../../components/figure.tsx';
import { Notice } from '../../components/notice.tsx';
import { Button } from '../../components/button.tsx';
import { axisFormats } from '../../runs/axis.ts';
import type { BranchStart } from './branch-dialog.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';

/** How far a run is and how well it does, in figures. */
export function RunProgress({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const { step, steps } = run;
  const objective = useObjective(run.configuration.objective);
  const share = shareTrained(run);
  const active = run.status === 'running';
  return (
    <Card>
      <div className="flex flex-col gap-4">
        <div className="flex flex-col gap-1.5">
          <div className="figures flex flex-wrap gap-x-4 text-sm text-ink-soft">
            <span className="font-medium text-ink">
              {steps === undefined
                ? t('steps', { count: step, step: formatCount(step) })
                : t('stepOf', { count: steps, step: formatCount(step), steps: formatCount(steps) })}
            </span>
            {active && run.remainingSeconds !== undefined && (
              <span>{t('remaining', { duration: formatEstimate(run.remainingSeconds) })}</span>
            )}
            <span className="flex-1" />
            <span>
              {run.budgetSeconds === undefined
                ? t('trained', { duration: formatDuration(run.elapsedSeconds) })
                : t('trainedOf', {
                    duration: formatDuration(run.elapsedSeconds),
                    budget: formatDuration(run.budgetSeconds),
                  })}
            </span>
          </div>
          <ProgressBar
            label={t('progress', { name: run.name })}
            value={share ?? (active ? undefined : 0)}
            tone={
              run.status === 'failed' ? 'danger' : active || run.status === 'completed' ? 'accent' : 'quiet'
            }
          />
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-4">
          <Figure label={t('loss')} explain="training.loss" value={formatLoss(run.loss)} />
          <Figure
            label={t('validationLoss')}
            explain="training.validationLoss"
            value={formatLoss(run.validationLoss)}
          />
          <Figure
            label={t('bestLoss')}
            explain="training.bestLoss"
            value={formatLoss(run.bestLoss)}
            unit={
              run.bestStep === undefined ? undefined : t('atStep', { step: axisFormats.step(run.bestStep) })
            }
          />
          {objective?.figures
            .filter(({ name }) => name === objective.headline)
            .map((figure) => (
              <Figure
                key={figure.name}
                label={figure.term.name}
                explain={figure.term}
                value={formatFigure(figure, run.figures[figure.name])}
              />
            ))}
          <Figure
            label={t('speed')}
            explain="charts.tokensPerSecond"
            value={formatCompact(run.tokensPerSecond)}
          />
          <Figure label={t('memory')} explain="charts.memory" value={formatBytes(run.memoryBytes)} />
        </div>
      </div>
    </Card>
  );
}

/** What a run's state means and how it can go on, where that is not plain. */
export function RunState({
  run,
  onBranch,
}: {
  readonly run: RunDetails;
  readonly onBranch: (start: BranchStart) => void;
}): JSX.Element | null {
  const { t } = useTranslation('run');
  switch (run.status) {
    case 'failed':
      return run.error === undefined ? null : (
        <ErrorNotice error={{ kind: 'environment', what: t('status.failed'), remedy: run.error }} />
      );
    case 'interrupted':
      return (
        <Notice tone="warning" title={run.step === 0 ? undefined : t('status.interrupted')}>
          {run.startedAt === undefined ? t('notStarted') : (run.error ?? t('interruptedText'))}
        </Notice>
      );
    case 'stopped':
      return (
        <Notice tone={run.end === 'guardStopped' ? 'danger' : 'info'}>
          {t(`end.${run.end ?? 'stoppedByPerson'}`)}
        </Notice>
      );
    case 'completed':
      return run.end === 'earlyStopped' || run.end === 'timeBudget' ? (
        <Ended run={run} onBranch={onBranch} />
      ) : null;
    case 'queued':
      return run.queuePlace === undefined ? null : (
        <Notice tone="info">{t('queuePlace', { place: run.queuePlace })}</Notice>
      );
    case 'running':
    case 'paused':
      return null;
    default:
      return run.status satisfies never;
  }
}

/** A run that is done before its last step. One that ran out of time can be trained longer. */
function Ended({
  run,
  onBranch,
}: {
  readonly run: RunDetails;
  readonly onBranch: (start: BranchStart) => void;
}): JSX.Element {
  const { t } = useTranslation('run');
  const { end = 'completed' } = run;
  const cut = stepsCut(run);
  const last = run.checkpoints.at(-1)?.step;
  return (
    <Notice
      tone={cut > 0 ? 'warning' : 'info'}
      actions={
        cut > 0 &&
        last !== undefined && (
          <Button
            size="small"
            icon={GitBranch}
            onClick={() =>
              onBranch({
                step: last,
                changes: { 'training.steps': stepsToTrainLonger(last, run.steps) },
              })
            }
          >
            {t('trainLonger')}
          </Button>
        )
      }
    >
      {cut > 0 && run.steps !== undefined
        ? t('endCut', {
            count: cut,
            step: formatCount(run.step),
            steps: formatCount(run.steps),
            cut: formatCount(cut),
          })
        : t(`end.${end}`)}
    </Notice>
  );
}
