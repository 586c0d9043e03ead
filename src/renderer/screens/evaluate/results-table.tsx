import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationSplit, EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import { api } from '../../app/client.ts';
import { formatAgo, formatCompact, formatLoss, formatNumber } from '../../app/format.ts';
import { Card } from '../../components/card.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { toastError } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { FamiliarityBadge } from './familiarity-badge.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';
import { verdictOf } from './verdict.ts';

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
  const shown = results.filter(({ checkpoint, dataset, split }) => {
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
      render: ({ dataset, split, familiarity, tokens }) => (
        <>
          <MiddleCut text={dataset} />
          <span className="flex flex-wrap items-center gap-x-2 text-xs text-ink-faint">
            {split === 'all' && t('splitAll')}
            {familiarity === undefined ? (
              split !== 'all' && t(splitLabels[split])
            ) : (
              <FamiliarityBadge familiarity={familiarity} />
            )}
            {t('tokensOf', { counted: formatCompact(tokens) })}
          </span>
        </>
      ),
      sortBy: ({ dataset, split }) => `${dataset} ${split}`,
      className: 'min-w-44 max-w-56 py-1.5',
    },
    {
      id: 'bits',
      title: t('columnBits'),
      explain: 'evaluation.bitsPerByte',
      align: 'end',
      render: ({ bitsPerByte }) => <Measured value={bitsPerByte} show={formatLoss} strong />,
      sortBy: ({ bitsPerByte }) => bitsPerByte,
    },
    {
      id: 'loss',
      title: t('columnLoss'),
      explain: 'evaluation.loss',
      align: 'end',
      render: ({ loss }) => <Measured value={loss} show={formatLoss} />,
      sortBy: ({ loss }) => loss,
    },
    {
      id: 'perplexity',
      title: t('columnPerplexity'),
      explain: 'evaluation.perplexity',
      align: 'end',
      render: ({ perplexity }) => <Measured value={perplexity} show={(value) => formatNumber(value, 1)} />,
      sortBy: ({ perplexity }) => perplexity,
    },
    {
      id: 'bigram',
      title: t('columnBigram'),
      explain: 'evaluation.bigram',
      render: (result) => <AgainstBigram result={result} />,
      className: 'py-1.5',
      sortBy: ({ loss, bigramLoss }) =>
        loss === null || bigramLoss === null || bigramLoss === undefined ? null : loss / bigramLoss,
    },
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
        <div className="border-b border-line p-3">
          <SearchInput value={search} onChange={setSearch} label={t('search')} />
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

/** In words, whether the model does better than a count of pairs, and what that scores. */
function AgainstBigram({ result }: { readonly result: EvaluationSummary }): JSX.Element {
  const { t } = useTranslation('evaluate');
  const { bigramLoss } = result;
  const verdict = verdictOf(result);
  if (verdict === undefined || bigramLoss === undefined || bigramLoss === null) return <>–</>;
  const good = verdict === 'better' || verdict === 'muchBetter';
  const foreign = result.familiarity === 'new' || result.familiarity === 'unknown';
  return (
    <span className="block whitespace-nowrap">
      <span className={good ? 'text-success' : 'text-danger'}>{t(verdict)}</span>
      {!good && (
        <span className="block text-xs text-ink-soft">{t(foreign ? 'adviceOther' : 'adviceLonger')}</span>
      )}
      <span className="figures block text-xs text-ink-faint">
        {t('bigramLoss', { loss: formatLoss(bigramLoss) })}
      </span>
    </span>
  );
}
