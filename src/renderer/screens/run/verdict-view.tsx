import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  answerScores,
  judgeLoss,
  judgeScore,
  type Judgement,
  type ScoreDifference,
  type Verdict,
} from '../../../shared/evaluations/verdict.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { api, client } from '../../client/client.ts';
import { useObjective } from '../../client/objectives.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { toastError } from '../../components/toast.tsx';
import { formatAgo, formatCount, formatLoss, formatPercent } from '../../format/format.ts';
import { JobStatus } from '../../jobs/job-progress.tsx';
import { useJobEnd } from '../../jobs/use-job-end.ts';

/** Answers that are shown before a person asks for the others. */
const firstAnswers = 5;

/** Whether a run changed a model that was there before, and what both answer can be compared. */
export function useCompares({ provenance, configuration }: RunDetails): boolean {
  const objective = useObjective(configuration.objective);
  return provenance.startModel !== undefined && objective?.needs?.includes('conversation') === true;
}

/** Was it worth it? The model before and after, on records that were kept aside. */
export function VerdictView({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const query = useQuery(api.evaluations.verdict.queryOptions({ input: { run: run.name } }));
  const [job, setJob] = useState<number>();
  const none = run.checkpoints.length === 0;
  const begin = async (): Promise<void> => {
    try {
      setJob((await client.evaluations.judge({ checkpoint: run.name })).job);
    } catch (error) {
      toastError(error);
    }
  };
  const verdict = query.data ?? undefined;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-3xl text-ink-soft">{t('verdictLead')}</p>
        <Button
          icon={Scale}
          variant={verdict === undefined ? 'primary' : 'secondary'}
          disabled={none || job !== undefined}
          onClick={() => void begin()}
        >
          {t(verdict === undefined ? 'verdictAsk' : 'verdictAgain')}
        </Button>
      </div>
      {none && <p className="text-ink-faint">{t('verdictNoCheckpoint')}</p>}
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      {job !== undefined && <Judging job={job} run={run.name} onEnd={() => setJob(undefined)} />}
      {verdict !== undefined && <Judged verdict={verdict} />}
    </div>
  );
}

/** A verdict under way; what went wrong stays to be read. */
function Judging({
  job,
  run,
  onEnd,
}: {
  readonly job: number;
  readonly run: string;
  readonly onEnd: () => void;
}): JSX.Element | null {
  const queries = useQueryClient();
  const shown = useJobEnd(job, ({ status }) => {
    if (status !== 'completed') return;
    void queries.invalidateQueries(api.evaluations.verdict.queryOptions({ input: { run } }));
    onEnd();
  });
  return shown === undefined ? null : <JobStatus job={shown} />;
}

const toneOf: Readonly<Record<Judgement, Tone>> = {
  better: 'success',
  worse: 'danger',
  noDifference: 'info',
};

function Judged({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const { t } = useTranslation('run');
  const { model, base, records, loss, scores, answers, createdAt } = verdict;
  const [all, setAll] = useState(false);
  const judgement = judgeLoss(loss);
  const shown = all ? answers : answers.slice(0, firstAnswers);
  return (
    <>
      <Notice tone={toneOf[judgement]} title={t(`verdict_${judgement}`)}>
        {t(`verdictText_${judgement}`, { model, base })}
      </Notice>
      <Card title={t('verdictFigures')}>
        <div className="overflow-x-auto">
          <table className="figures w-full min-w-xl text-left">
            <thead className="text-sm text-ink-soft">
              <tr>
                <th className="py-1 pr-4 font-medium" />
                <th className="py-1 pr-4 text-right font-medium">{t('verdictBefore')}</th>
                <th className="py-1 pr-4 text-right font-medium">{t('verdictNow')}</th>
                <th className="py-1 pr-4 text-right font-medium">
                  {t('verdictDifference')} <Explain term="evaluation.interval" />
                </th>
                <th className="py-1 font-medium" />
              </tr>
            </thead>
            <tbody>
              <FigureRow
                name={t('verdictLoss', { count: records, records: formatCount(records) })}
                value={loss}
                judgement={judgement}
                format={formatLoss}
              />
              {answers.length > 0 &&
                answerScores.map((name) => (
                  <FigureRow
                    key={name}
                    name={
                      <>
                        {t(`score_${name}`)} <Explain term={`evaluation.${name}`} />
                      </>
                    }
                    value={scores[name]}
                    judgement={judgeScore(scores[name])}
                    format={(share) => formatPercent(share, 1)}
                  />
                ))}
            </tbody>
          </table>
        </div>
        <p className="mt-2 text-sm text-ink-faint">
          {t('verdictMade', { model, base, dataset: verdict.dataset, ago: formatAgo(createdAt) })}
        </p>
      </Card>
      {answers.length > 0 && (
        <Card
          title={t('verdictAnswers', { count: answers.length, answers: formatCount(answers.length) })}
          flush
        >
          <ol>
            {shown.map((answer, index) => (
              <li key={index} className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-b-0">
                <p className="text-sm whitespace-pre-wrap text-ink-soft wrap-anywhere">
                  {answer.question.trim()}
                </p>
                <div className="grid gap-3 lg:grid-cols-3">
                  <AnswerText label={t('verdictRecord')} text={answer.reference} />
                  <AnswerText label={t('verdictBefore')} text={answer.base} />
                  <AnswerText label={t('verdictNow')} text={answer.model} />
                </div>
              </li>
            ))}
          </ol>
          {shown.length < answers.length && (
            <div className="px-4 py-3">
              <Button size="small" onClick={() => setAll(true)}>
                {t('verdictAllAnswers')}
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  );
}

function AnswerText({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  const { t } = useTranslation('run');
  return (
    <div className="min-w-0">
      <div className="text-sm font-medium">{label}</div>
      <p className="whitespace-pre-wrap wrap-anywhere">
        {text === '' ? <span className="text-ink-faint">{t('verdictNothing')}</span> : text}
      </p>
    </div>
  );
}

function FigureRow({
  name,
  value,
  judgement,
  format,
}: {
  readonly name: ReactNode;
  readonly value: ScoreDifference;
  readonly judgement: Judgement;
  readonly format: (value: number) => string;
}): JSX.Element {
  const { t } = useTranslation('run');
  const signed = (each: number): string => `${each < 0 ? '−' : '+'}${format(Math.abs(each))}`;
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1.5 pr-4 font-normal">
        {name}
      </th>
      <td className="py-1.5 pr-4 text-right">{format(value.base)}</td>
      <td className="py-1.5 pr-4 text-right font-medium">{format(value.model)}</td>
      <td className="py-1.5 pr-4 text-right whitespace-nowrap">
        {t('verdictInterval', {
          difference: signed(value.difference),
          low: signed(value.low),
          high: signed(value.high),
        })}
      </td>
      <td className="py-1.5 text-ink-soft">{t(`judged_${judgement}`)}</td>
    </tr>
  );
}
