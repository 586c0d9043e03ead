import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportSummary } from '../../../shared/exports/export.ts';
import { formatAgo, formatBytes } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';
import { RevealButton } from '../../components/reveal-button.tsx';

export interface ExportsTableProps {
  readonly exports: readonly ExportSummary[];
  readonly onOpen: (made: ExportSummary) => void;
}

/** The exports that were made. */
export function ExportsTable({ exports, onOpen }: ExportsTableProps): JSX.Element {
  const { t } = useTranslation('export');
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = exports.filter(({ checkpoint, format, folder }) => {
    const text = `${checkpoint} ${format} ${folder}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const columns: readonly TableColumn<ExportSummary>[] = [
    {
      id: 'model',
      title: t('columnModel'),
      render: ({ checkpoint, present }) => (
        <span className="flex items-center gap-2 whitespace-nowrap">
          <span className="font-medium">{checkpoint}</span>
          {!present && <Badge tone="warning">{t('gone')}</Badge>}
        </span>
      ),
      sortBy: ({ checkpoint }) => checkpoint,
    },
    {
      id: 'form',
      title: t('columnForm'),
      render: ({ format }) => t(format),
      sortBy: ({ format }) => format,
    },
    {
      id: 'folder',
      title: t('columnFolder'),
      render: ({ folder }) => <MiddleCut text={folder} />,
      sortBy: ({ folder }) => folder,
      className: 'max-w-80 font-mono text-sm text-ink-soft',
    },
    {
      id: 'size',
      title: t('columnSize'),
      align: 'end',
      render: ({ bytes }) => formatBytes(bytes),
      sortBy: ({ bytes }) => bytes,
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
      render: ({ folder, present }) => (
        <span className="flex justify-end">
          <CopyButton text={folder} what={t('copyPath', { folder })} />
          {present && <RevealButton folder={folder} />}
        </span>
      ),
    },
  ];
  return (
    <Card
      flush
      title={t('made')}
      actions={exports.length > 0 && <SearchInput value={search} onChange={setSearch} label={t('search')} />}
    >
      {exports.length > 0 && window.loam === undefined && (
        <p className="border-b border-line px-4 py-2 text-sm text-ink-faint">{t('whereText')}</p>
      )}
      <Table
        label={t('made')}
        columns={columns}
        rows={shown}
        rowKey={({ id }) => id}
        onOpen={onOpen}
        empty={
          <p className="px-4 py-8 text-center text-ink-faint">
            {t(exports.length === 0 ? 'none' : 'noneFound')}
          </p>
        }
      />
    </Card>
  );
}
