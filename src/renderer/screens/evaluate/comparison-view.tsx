import { Link } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import type { Figure } from '../../../shared/objectives/objective.ts';
import { formatLoss, formatPercent } from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjectives } from '../../client/objectives.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/select.tsx';
import { comparedTexts, valueOf } from './comparison.ts';
import { FamiliarityBadge } from './familiarity-badge.tsx';
import { splitLabels } from './results-table.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';

/** Models measured on the same text, as bars. */
export function ComparisonView({ results }: { readonly results: readonly EvaluationSummary[] }): JSX.Element {
  const { t } = useTranslation('evaluate');
  const texts = comparedTexts(results, useObjectives());
  const [chosen, setChosen] = useState<string>();
  const text = texts.find(({ key }) => key === chosen) ?? texts[0];
  if (text === undefined)
    return (
      <Card>
        <EmptyState icon={GitCompareArrows} title={t('compareEmptyTitle')} text={t('compareEmptyText')} />
      </Card>
    );
  const { figure } = text;
  const values = text.results.map((result) => valueOf(figure, result) ?? 0);
  const best = values[0] ?? 0;
  const largest = Math.max(...values);
  return (
    <Card
      title={figure.term.name}
      explain={figure.term}
      actions={
        <Select
          label={t('compareOn')}
          value={text.key}
          onChange={setChosen}
          className="w-80"
          options={texts.map(({ key, dataset, split, results: compared }) => ({
            value: key,
            label: t('compareOption', {
              dataset,
              part: t(splitLabels[split]),
              models: compared.length,
            }),
          }))}
        />
      }
    >
      <p className="mb-4 text-ink-soft">
        {t(figure.better === 'lower' ? 'compareLowerText' : 'compareHigherText', {
          figure: figure.term.name,
        })}
      </p>
      <ol className="flex flex-col gap-3">
        {text.results.map((result, index) => {
          const value = values[index] ?? 0;
          return (
            <li key={result.id} className="grid grid-cols-[13rem_1fr_13rem] items-center gap-4">
              <span className="min-w-0">
                <Link to="/models" search={{ model: result.checkpoint }} className="link block font-medium">
                  <MiddleCut text={result.checkpoint} />
                </Link>
                {result.familiarity !== undefined && <FamiliarityBadge familiarity={result.familiarity} />}
              </span>
              <span aria-hidden className="h-6 rounded-sm bg-sunken">
                <span
                  className={`block h-full rounded-sm ${index === 0 ? 'bg-accent' : 'bg-line-strong'}`}
                  style={{ width: `${largest === 0 ? 0 : (100 * value) / largest}%` }}
                />
              </span>
              <span className="figures flex items-center gap-2">
                <span className="font-semibold">{formatFigure(figure, value)}</span>
                {index === 0 ? (
                  <Badge tone="success">{t('bestOf')}</Badge>
                ) : (
                  <span className="text-sm text-ink-faint">{differenceFrom(figure, best, value)}</span>
                )}
                {figure.name !== 'loss' && (
                  <span className="ml-auto text-sm text-ink-faint">
                    {t('columnLoss')} {formatLoss(result.loss)}
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

/** How far a model is behind the best: of a share in its own points, of any other figure in percent of the best. */
function differenceFrom({ format }: Figure, best: number, value: number): string {
  const difference = format === 'share' || best === 0 ? value - best : value / best - 1;
  return `${difference < 0 ? '−' : '+'}${formatPercent(Math.abs(difference), 1)}`;
}
