import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentStatistics } from '../../../shared/datasets/statistics.ts';
import { formatCount, formatPercent } from '../../format/format.ts';
import { Table, type TableColumn } from '../../components/table.tsx';

type SourceRow = DocumentStatistics['sources'][number];

/** How much of a dataset comes from which file. */
export function SourceTable({ statistics }: { readonly statistics: DocumentStatistics }): JSX.Element {
  const { t } = useTranslation('data');
  const columns = useMemo<readonly TableColumn<SourceRow>[]>(
    () => [
      {
        id: 'name',
        title: t('columnSource'),
        sortBy: ({ name }) => name,
        render: ({ name }) => <span className="wrap-anywhere">{name}</span>,
      },
      {
        id: 'documents',
        title: t('columnDocuments'),
        align: 'end',
        sortBy: ({ documents }) => documents,
        render: ({ documents }) => formatCount(documents),
      },
      {
        id: 'characters',
        title: t('columnCharacters'),
        align: 'end',
        sortBy: ({ characters }) => characters,
        render: ({ characters }) => formatCount(characters),
      },
      {
        id: 'share',
        title: t('columnShare'),
        align: 'end',
        render: ({ characters }) =>
          formatPercent(statistics.characters === 0 ? null : characters / statistics.characters, 1),
      },
    ],
    [t, statistics.characters],
  );
  return (
    <div className="max-h-96 overflow-y-auto">
      <Table label={t('bySource')} columns={columns} rows={statistics.sources} rowKey={({ name }) => name} />
    </div>
  );
}
