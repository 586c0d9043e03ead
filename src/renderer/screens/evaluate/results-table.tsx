import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationSplit, EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import { api } from '../../client/client.ts';
import { headlineOf, type Figure, type ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import { formatAgo, formatCompact, formatLoss } from '../../format/format.ts';
import { formatFigure } from '../../format/figures.ts';
import { useObjectives } from '../../client/objectives.ts';
import { Card } from '../../components/card.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Select } from '../../components/select.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { toastError } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { valueOf } from './comparison.ts';
import { FamiliarityBadge } from './familiarity-badge.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';
import { baselineLossOf, verdictOf } from './verdict.ts';

export const splitLabels = {
  validation: 'splitValidation',
  train: 'splitTrain',
  all: 'splitAll',
} as const satisfies Record<EvaluationSplit, string>;

/** The measurements that were made. */
export function ResultsTable({ results }: { readonly results: readonly EvaluationSummary[] }): JSX.Element {
  const { t } = useTranslation('evaluate');
  const [search, setSearch] = useState('');
  const remove = useMutation(api.evaluations.delete.mutationOptions({ onError: toastError }));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const objectives = useObjectives().filter(({ name }) =>
    results.some((result) => result.objective === name),
  );
  const [chosen, setChosen] = useState<string>();
  const objective = objectives.find(({ name }) => name === chosen) ?? objectives[0];
  const figures = objective === undefined ? [] : headlineFirst(objective);
  const shown = results.filter((result) => {
    const { checkpoint, dataset, split } = result;
    if (objectives.length > 1 && result.objective !== objective?.name) return false;
    const text = `${checkpoint} ${dataset} ${t(splitLabels[split])}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const columns: readonly TableColumn<EvaluationSummary>[] = [
    {
      id: 'model',
      title: t('columnModel'),
      render: ({ checkpoint, createdAt }) => (
        <>
          <Link to="/models" search={{ model: checkpoint }} className="link block font-medium">
            <MiddleCut text={checkpoint} />
          </Link>
          <span className="block text-xs text-ink-faint">{formatAgo(createdAt)}</span>
        </>
      ),
      sortBy: ({ checkpoint }) => checkpoint,
      className: 'min-w-40 max-w-56 py-1.5',
    },
    {
      id: 'dataset',
      title: t('columnDataset'),
      explain: 'evaluation.familiarity',
      render: ({ dataset, split, familiarity, predictions }) => (
        <>
          <MiddleCut text={dataset} />
          <span className="flex flex-wrap items-center gap-x-2 text-xs text-ink-faint">
            {split === 'all' && t('splitAll')}
            {familiarity === undefined ? (
              split !== 'all' && t(splitLabels[split])
            ) : (
              <FamiliarityBadge familiarity={familiarity} />
            )}
            {t('predictionsOf', { counted: formatCompact(predictions), noun: objective?.predictions ?? '' })}
          </span>
        </>
      ),
      sortBy: ({ dataset, split }) => `${dataset} ${split}`,
      className: 'min-w-44 max-w-56 py-1.5',
    },
    ...figures.map((figure): TableColumn<EvaluationSummary> => ({
      id: figure.name,
      title: figure.term.name,
      explain: figure.term,
      align: 'end',
      render: (result) => (
        <Measured
          value={valueOf(figure, result)}
          show={(value) => formatFigure(figure, value)}
          strong={figure.name === objective?.headline}
        />
      ),
      sortBy: (result) => valueOf(figure, result),
    })),
    ...(objective?.baseline === undefined
      ? []
      : [
          {
            id: 'baseline',
            title: t('columnBaseline', { baseline: objective.baseline.short }),
            explain: objective.baseline.term,
            render: (result) => <AgainstBaseline result={result} objective={objective} />,
            className: 'py-1.5',
            sortBy: (result) => {
              const baselineLoss = baselineLossOf(result, objective);
              return result.loss === null || baselineLoss === undefined ? null : result.loss / baselineLoss;
            },
          } satisfies TableColumn<EvaluationSummary>,
        ]),
    {
      id: 'actions',
      title: <span className="sr-only">{t('columnActions')}</span>,
      align: 'end',
      render: ({ id }) => (
        <IconButton icon={Trash2} label={t('delete')} onClick={() => remove.mutate({ id })} />
      ),
    },
  ];
  return (
    <Card flush>
      {results.length > 0 && (
        <div className="flex flex-wrap gap-3 border-b border-line p-3">
          <SearchInput value={search} onChange={setSearch} label={t('search')} />
          {objectives.length > 1 && (
            <Select
              label={t('objective')}
              value={objective?.name ?? ''}
              onChange={setChosen}
              options={objectives.map(({ name, title }) => ({ value: name, label: title }))}
              className="w-64"
            />
          )}
        </div>
      )}
      <Table
        label={t('results')}
        columns={columns}
        rows={shown}
        rowKey={({ id }) => id}
        empty={
          <p className="px-4 py-8 text-center text-ink-faint">
            {t(results.length === 0 ? 'none' : 'noneFound')}
          </p>
        }
      />
    </Card>
  );
}

/** A figure, or the words that there is none. */
function Measured({
  value,
  show,
  strong = false,
}: {
  readonly value: number | null;
  readonly show: (value: number) => string;
  readonly strong?: boolean;
}): JSX.Element {
  const { t } = useTranslation('evaluate');
  if (value !== null) return <span className={strong ? 'font-semibold' : ''}>{show(value)}</span>;
  return (
    <Tooltip text={t('notNumberHint')}>
      <span tabIndex={0} className="text-danger">
        {t('notNumber')}
      </span>
    </Tooltip>
  );
}

/** The figures of an objective, the loss among them, that by which models are compared first. */
function headlineFirst(objective: ObjectiveDeclaration): readonly Figure[] {
  const headline = headlineOf(objective);
  return [headline, ...[objective.loss, ...objective.figures].filter(({ name }) => name !== headline.name)];
}

/** In words, whether the model does better than the baseline, and what that scores. */
function AgainstBaseline({
  result,
  objective,
}: {
  readonly result: EvaluationSummary;
  readonly objective: ObjectiveDeclaration;
}): JSX.Element {
  const { t } = useTranslation('evaluate');
  const baselineLoss = baselineLossOf(result, objective);
  const verdict = verdictOf(result.loss, baselineLoss);
  if (verdict === undefined) return <>–</>;
  const good = verdict === 'better' || verdict === 'muchBetter';
  const foreign = result.familiarity === 'new' || result.familiarity === 'unknown';
  return (
    <span className="block whitespace-nowrap">
      <span className={good ? 'text-success' : 'text-danger'}>{t(verdict)}</span>
      {!good && (
        <span className="block text-xs text-ink-soft">{t(foreign ? 'adviceOther' : 'adviceLonger')}</span>
      )}
      <span className="figures block text-xs text-ink-faint">
        {objective.baseline?.short}: {formatLoss(baselineLoss)}
      </span>
    </span>
  );
}
