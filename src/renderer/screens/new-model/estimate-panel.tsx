import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { api } from '../../client/client.ts';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumber,
  formatParameters,
  formatPercent,
} from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { Loading } from '../../components/loading.tsx';
import type { TermName } from '../../../shared/teaching/terms.ts';
import { rounded, timeRange } from './rough-figures.ts';
import { ShareBar } from './share-bar.tsx';
import { lacksStartModel } from './plan-start.ts';
import type { Plan } from './plan.ts';
import { plannedRun, type PlanEstimate } from './use-estimate.ts';
import { useJobEnd } from '../../jobs/use-job-end.ts';

/** What the plan will take and give, beside every step that changes it. */
export function EstimatePanel({
  plan,
  estimate: { answer, error, stale },
}: {
  readonly plan: Plan;
  readonly estimate: PlanEstimate;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const estimate = answer?.estimate;
  return (
    <Card title={t('estimate')} explain="models.estimate" className="self-start">
      <div aria-live="polite" aria-busy={stale} className="flex flex-col gap-4">
        {error !== null && <ErrorNotice error={error} />}
        {plan.dataset === undefined && <p className="text-ink-soft">{t('estimateNoText')}</p>}
        {plan.dataset !== undefined && lacksStartModel(plan) && (
          <p className="text-ink-soft">{t('estimateNoModel')}</p>
        )}
        {plannedRun(plan) !== undefined && error === null && answer === undefined && (
          <Loading label={t('estimating')} />
        )}
        {answer !== undefined && estimate === undefined && (
          <p className="text-ink-soft">{t('estimateNone')}</p>
        )}
        {estimate !== undefined && (
          <>
            {(estimate.quality !== undefined || plan.start !== undefined) && (
              <Expectation quality={estimate.quality} />
            )}
            <Time estimate={estimate} plan={plan} />
            <Parameters estimate={estimate} />
            <Memory estimate={estimate} />
            <Text estimate={estimate} />
          </>
        )}
      </div>
    </Card>
  );
}

function Part({
  title,
  explain,
  value,
  mark,
  children,
}: {
  readonly title: string;
  readonly explain?: TermName;
  readonly value?: ReactNode;
  readonly mark?: ReactNode;
  readonly children?: ReactNode;
}): JSX.Element {
  return (
    <section className="border-t border-line pt-3 first:border-t-0 first:pt-0">
      <h3 className="flex min-h-5 items-center gap-0.5 text-sm text-ink-faint">
        {title}
        {explain !== undefined && <Explain term={explain} />}
        <span className="ml-auto">{mark}</span>
      </h3>
      {value !== undefined && <p className="figures text-lg font-semibold">{value}</p>}
      {children}
    </section>
  );
}

function Expectation({ quality }: Pick<RunEstimate, 'quality'>): JSX.Element {
  const { t } = useTranslation('new-model');
  if (quality === undefined)
    return (
      <Part title={t('expect')}>
        <p className="text-sm text-ink-soft">{t('expectOfModel')}</p>
      </Part>
    );
  const { level, limit, earlierLosses } = quality;
  return (
    <Part title={t('expect')} explain="models.expectation">
      <p className="font-medium">{t(`level_${level}`)}</p>
      <p className="mt-1 text-sm text-ink-soft">{t(`limit_${limit}`)}</p>
      {earlierLosses !== undefined && (
        <p className="mt-1 text-sm text-ink-soft">
          {t(earlierLosses.low === earlierLosses.high ? 'earlierOne' : 'earlier', {
            low: formatLoss(earlierLosses.low),
            high: formatLoss(earlierLosses.high),
            runs: earlierLosses.runs.slice(0, 3).join(', '),
          })}
        </p>
      )}
      <p className="mt-1 text-xs text-ink-faint">{t('expectNote')}</p>
    </Part>
  );
}

/** Steps that take longer than this, in seconds, are told by what one takes; others by how many there are in a second. */
const slowStep = 0.7;

function Time({ estimate, plan }: { readonly estimate: RunEstimate; readonly plan: Plan }): JSX.Element {
  const { t } = useTranslation('new-model');
  const { basis, seconds, steps, secondsPerStep } = estimate.training;
  return (
    <Part
      title={t('time')}
      explain="models.trainingTime"
      mark={<Badge tone={basis === 'measured' ? 'success' : 'neutral'}>{t(`basis_${basis}`)}</Badge>}
      value={timeRange(seconds, t)}
    >
      <p className="figures text-sm text-ink-soft">
        {secondsPerStep < slowStep
          ? t('timeStepsASecond', {
              steps: formatCount(steps),
              count: steps,
              rate: formatNumber(rounded(1 / secondsPerStep), 1),
            })
          : t('timeSteps', {
              count: steps,
              steps: formatCount(steps),
              seconds: formatDuration(secondsPerStep),
            })}
      </p>
      <Measure plan={plan} measured={basis === 'measured'} />
    </Part>
  );
}

function Measure({ plan, measured }: { readonly plan: Plan; readonly measured: boolean }): JSX.Element {
  const { t } = useTranslation('new-model');
  const [job, setJob] = useState<number>();
  const [running, setRunning] = useState(false);
  const measure = useMutation(
    api.runs.measure.mutationOptions({
      onSuccess: ({ job: id }) => {
        setJob(id);
        setRunning(true);
      },
    }),
  );
  const input = plannedRun(plan);
  return (
    <div className="mt-2 flex flex-col gap-2">
      {job !== undefined && <MeasurementProgress key={job} job={job} onEnd={() => setRunning(false)} />}
      {!running && (
        <Button
          size="small"
          icon={Gauge}
          busy={measure.isPending}
          disabled={input === undefined}
          title={t('measureHint')}
          onClick={() => {
            if (input !== undefined) measure.mutate(input);
          }}
        >
          {t(measured ? 'measureAgain' : 'measure')}
        </Button>
      )}
      <ErrorNotice error={measure.error} />
    </div>
  );
}

/** Follows a measurement; once it has ended, the estimate is asked for anew. */
function MeasurementProgress({
  job,
  onEnd,
}: {
  readonly job: number;
  readonly onEnd: () => void;
}): JSX.Element {
  const queries = useQueryClient();
  useJobEnd(job, () => {
    void queries.invalidateQueries({ queryKey: api.runs.estimate.key() });
    onEnd();
  });
  return <JobProgress job={job} hideWhenDone />;
}

function Parameters({ estimate: { parameters } }: { readonly estimate: RunEstimate }): JSX.Element {
  const { t } = useTranslation('new-model');
  const parts = ['embeddings', 'attention', 'feedForward', 'norms'] as const;
  return (
    <Part title={t('parameters')} explain="models.parameters" value={formatParameters(parameters.total)}>
      <ShareBar
        label={t('parameters')}
        parts={parts.map((part) => ({
          label: t(`part_${part}`),
          value: parameters[part],
          shown: formatParameters(parameters[part]),
        }))}
      />
      {parameters.learning < parameters.total && (
        <p className="figures mt-1 text-sm text-ink-soft">
          {t('learningParameters', {
            learning: formatParameters(parameters.learning),
            share: formatPercent(parameters.learning / parameters.total),
          })}
        </p>
      )}
    </Part>
  );
}

function Memory({ estimate: { memory } }: { readonly estimate: RunEstimate }): JSX.Element {
  const { t } = useTranslation('new-model');
  const parts = ['weights', 'gradients', 'moments', 'activations', 'program'] as const;
  return (
    <Part
      title={t('memory')}
      explain="models.memory"
      mark={
        <Badge tone={memory.basis === 'measured' ? 'success' : 'neutral'}>
          {t(memory.basis === 'measured' ? 'basis_measured' : 'textEstimated')}
        </Badge>
      }
      value={
        <>
          {formatBytes(memory.total)}{' '}
          <span className="text-sm font-normal text-ink-faint">
            {t('memoryOf', { machine: formatBytes(memory.machine) })}
          </span>
        </>
      }
    >
      <ShareBar
        label={t('memory')}
        parts={parts.map((part) => ({
          label: t(`memory_${part}`),
          value: memory[part],
          shown: formatBytes(memory[part]),
        }))}
      />
    </Part>
  );
}

function Text({ estimate: { text, training } }: { readonly estimate: RunEstimate }): JSX.Element {
  const { t } = useTranslation('new-model');
  const { passes } = training;
  return (
    <Part
      title={t('text')}
      explain="models.passes"
      mark={
        <Badge tone={text.counted ? 'success' : 'neutral'}>
          {t(text.counted ? 'textCounted' : 'textEstimated')}
        </Badge>
      }
      value={t('textTokens', { tokens: formatCompact(text.trainTokens) })}
    >
      <p className="text-sm text-ink-soft">
        {passes < 0.9
          ? t('passesNone', { share: formatPercent(Math.max(0.01, Math.ceil(passes * 100) / 100)) })
          : passes < 1.5
            ? t('passesOnce')
            : t('passes', { passes: formatNumber(passes, passes < 10 ? 1 : 0) })}
      </p>
    </Part>
  );
}
