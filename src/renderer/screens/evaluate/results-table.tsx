import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationSplit, EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import { api } from '../../app/client.ts';
import { formatAgo, formatCompact, formatLoss, formatNumber, formatPercent } from '../../app/format.ts';
import { Card } from '../../components/card.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { toast, toastError } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { FamiliarityBadge } from './familiarity-badge.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';

export const splitLabels = {
  validation: 'splitValidation',
  train: 'splitTrain',
  all: 'splitAll',
} as const satisfies Record<EvaluationSplit, string>;

/** The measurements that were made. */
export function ResultsTable({ results }: { readonly results: readonly EvaluationSummary[] }): JSX.Element {
  const { t } = useTranslation('evaluate');
  const [search, setSearch] = useState('');
  const remove = useMutation(
    api.evaluations.delete.mutationOptions({
      onSuccess: () => toast({ title: t('deleted') }),
      onError: toastError,
    }),
  );
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = results.filter(({ checkpoint, dataset, split }) => {
    const text = `${checkpoint} ${dataset} ${t(splitLabels[split])}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const columns: readonly TableColumn<EvaluationSummary>[] = [
    {
      id: 'model',
      title: t('columnModel'),
      render: ({ checkpoint }) => (
        <Link to="/models" search={{ model: checkpoint }} className="link block font-medium">
          <MiddleCut text={checkpoint} />
        </Link>
      ),
      sortBy: ({ checkpoint }) => checkpoint,
      className: 'max-w-52',
    },
    {
      id: 'dataset',
      title: t('columnDataset'),
      render: ({ dataset }) => dataset,
      sortBy: ({ dataset }) => dataset,
      className: 'max-w-44 truncate',
    },
    {
      id: 'part',
      title: t('columnPart'),
      explain: 'evaluation.familiarity',
      render: ({ split, familiarity, tokens }) => (
        <span className="block whitespace-nowrap">
          <span className="flex items-center gap-2">
            {split === 'all' && t('splitAll')}
            {familiarity === undefined ? (
              split !== 'all' && t(splitLabels[split])
            ) : (
              <FamiliarityBadge familiarity={familiarity} />
            )}
          </span>
          <span className="block text-xs text-ink-faint">
            {t('tokensOf', { counted: formatCompact(tokens) })}
          </span>
        </span>
      ),
      sortBy: ({ split }) => split,
      className: 'py-1.5',
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
      align: 'end',
      render: (result) => <AgainstBigram result={result} />,
      sortBy: ({ bigramLoss }) => bigramLoss,
      className: 'whitespace-nowrap',
    },
    {
      id: 'when',
      title: t('columnWhen'),
      align: 'end',
      render: ({ createdAt }) => formatAgo(createdAt),
      sortBy: ({ createdAt }) => createdAt,
      className: 'whitespace-nowrap',
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

/** How far the model's loss is from what counting pairs scores. */
function AgainstBigram({ result }: { readonly result: EvaluationSummary }): JSX.Element {
  const { t } = useTranslation('evaluate');
  const { loss, bigramLoss } = result;
  if (bigramLoss === undefined || bigramLoss === null) return <>–</>;
  const share = loss === null ? undefined : loss / bigramLoss - 1;
  return (
    <span>
      {formatLoss(bigramLoss)}
      {share !== undefined && (
        <span className={`block text-xs ${share < 0 ? 'text-success' : 'text-danger'}`}>
          {t(share < 0 ? 'belowBigram' : 'aboveBigram', { share: formatPercent(Math.abs(share)) })}
        </span>
      )}
    </span>
  );
}
