import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import { headlineOf } from '../../../shared/objectives/objective.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { api } from '../../client/client.ts';
import { formatLoss } from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjective } from '../../client/objectives.ts';
import { Button } from '../../components/button.tsx';
import { JobStatus } from '../../jobs/job-progress.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { splitLabels } from './results-table.tsx';
import { valueOf } from './comparison.ts';
import { baselineLossOf, verdictOf, type Verdict } from './verdict.ts';

export interface StartedMeasurementsProps {
  /** The jobs that were begun here, the newest first. */
  readonly started: readonly number[];
  readonly results: readonly EvaluationSummary[];
  readonly onDismiss: (jobs: readonly number[]) => void;
}

/** The measurements begun here: how far they are, and in words what came of the last that is done. */
export function StartedMeasurements({
  started,
  results,
  onDismiss,
}: StartedMeasurementsProps): JSX.Element | null {
  const { t } = useTranslation('evaluate');
  const { data = [] } = useQuery(api.jobs.list.queryOptions());
  const jobs = started.flatMap((id) => data.find((job) => job.id === id) ?? []);
  // Those before it stand in the table below.
  const done = jobs.find(({ status }) => status === 'completed');
  // Taken away together: the one before it would take the place of the last.
  const completed = jobs.filter(({ status }) => status === 'completed').map(({ id }) => id);
  const shown = jobs.filter((job) => job.status !== 'completed' || job === done);
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((job) => {
        const result = job === done ? resultOf(job, results) : undefined;
        if (job === done && result === undefined) return null;
        return (
          <div key={job.id} className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              {result === undefined ? <JobStatus job={job} /> : <Outcome result={result} />}
            </div>
            {job.status !== 'running' && (
              <Button
                size="small"
                variant="quiet"
                onClick={() => onDismiss(job === done ? completed : [job.id])}
              >
                {t('dismiss')}
              </Button>
            )}
          </div>
        );
      })}
    </>
  );
}

/** What a measurement gave: the newest of its model since it began. */
function resultOf(job: Job, results: readonly EvaluationSummary[]): EvaluationSummary | undefined {
  return results.find(
    ({ checkpoint, createdAt }) => checkpoint === job.subject?.name && createdAt >= job.startedAt,
  );
}

const tones: Readonly<Record<Verdict, Tone>> = {
  muchBetter: 'success',
  better: 'success',
  noBetter: 'warning',
  worse: 'warning',
};

const sentences = {
  muchBetter: 'muchBetterText',
  better: 'betterText',
  noBetter: 'noBetterText',
  worse: 'worseText',
} as const satisfies Record<Verdict, string>;

function Outcome({ result }: { readonly result: EvaluationSummary }): JSX.Element | null {
  const { t } = useTranslation('evaluate');
  const { checkpoint, dataset, split, loss } = result;
  const objective = useObjective(result.objective);
  const baselineLoss = baselineLossOf(result, objective);
  const verdict = verdictOf(loss, baselineLoss);
  if (objective === undefined) return null;
  const figure = headlineOf(objective);
  const value = valueOf(figure, result);
  const text = { model: checkpoint, dataset, part: t(splitLabels[split]) };
  return (
    <Notice
      tone={value === null ? 'danger' : verdict === undefined ? 'info' : tones[verdict]}
      title={
        value === null
          ? t('outcomeNone', text)
          : t('outcome', { ...text, figure: figure.term.name, value: formatFigure(figure, value) })
      }
    >
      {value === null
        ? t('notNumberHint')
        : verdict === undefined
          ? t(objective.baseline === undefined ? 'noBaseline' : 'noVerdict')
          : t(sentences[verdict], {
              loss: formatLoss(loss),
              baselineLoss: formatLoss(baselineLoss),
              baseline: objective.baseline?.phrase ?? '',
            })}
    </Notice>
  );
}
