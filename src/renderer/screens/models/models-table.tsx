import { Pin } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { formatAgo, formatBytes, formatLoss, formatParameters } from '../../format/format.ts';
import { modelName } from '../../models/model-options.ts';
import { Badge } from '../../components/badge.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';

export interface ModelsTableProps {
  readonly models: readonly ModelSummary[];
  readonly selected: string | undefined;
  /** Leaves out what there is no room for beside a model's details. */
  readonly narrow: boolean;
  readonly onOpen: (model: ModelSummary) => void;
}

const wideOnly: ReadonlySet<string> = new Set(['data', 'size']);

/** Models in rows. */
export function ModelsTable({ models, selected, narrow, onOpen }: ModelsTableProps): JSX.Element {
  const { t } = useTranslation('models');
  const columns: readonly TableColumn<ModelSummary>[] = [
    {
      id: 'model',
      title: t('columnModel'),
      render: (model) => <ModelCell model={model} />,
      sortBy: modelName,
    },
    {
      id: 'data',
      title: t('columnData'),
      render: ({ origin }) => (origin.kind === 'run' ? origin.dataset : '–'),
      className: 'whitespace-nowrap',
      sortBy: ({ origin }) => (origin.kind === 'run' ? origin.dataset : undefined),
    },
    {
      id: 'loss',
      title: t('columnLoss'),
      explain: 'evaluation.loss',
      align: 'end',
      render: ({ loss }) => formatLoss(loss),
      sortBy: ({ loss }) => loss,
    },
    {
      id: 'parameters',
      title: t('columnParameters'),
      align: 'end',
      render: ({ parameters }) => formatParameters(parameters),
      sortBy: ({ parameters }) => parameters,
    },
    {
      id: 'size',
      title: t('columnSize'),
      align: 'end',
      render: ({ bytes }) => formatBytes(bytes),
      sortBy: ({ bytes }) => bytes,
    },
    {
      id: 'made',
      title: t('columnMade'),
      align: 'end',
      render: ({ createdAt }) => formatAgo(createdAt),
      className: 'whitespace-nowrap',
      sortBy: ({ createdAt }) => createdAt,
    },
  ];
  return (
    <Table
      label={t('title')}
      columns={narrow ? columns.filter(({ id }) => !wideOnly.has(id)) : columns}
      rows={models}
      rowKey={({ reference }) => reference}
      selected={selected}
      onOpen={onOpen}
      empty={<p className="py-8 text-center text-ink-faint">{t('noneFound')}</p>}
    />
  );
}

/** A model's name and what sets it apart. */
function ModelCell({ model }: { readonly model: ModelSummary }): JSX.Element {
  const { t } = useTranslation('models');
  const { origin, label, reference, pinned } = model;
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span className="font-medium">{modelName(model)}</span>
      {label !== undefined && <span className="text-sm text-ink-faint">{reference}</span>}
      {origin.kind === 'run' && origin.best && <Badge tone="success">{t('best')}</Badge>}
      {origin.kind === 'run' && origin.last && <Badge>{t('last')}</Badge>}
      {origin.kind === 'imported' && <Badge tone="info">{t('imported')}</Badge>}
      {pinned && <Pin role="img" aria-label={t('pinned')} className="size-3.5 text-accent-text" />}
    </span>
  );
}
