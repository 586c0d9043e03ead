import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Database, EllipsisVertical, FileX, FlaskConical, FolderOpen, Trash2 } from 'lucide-react';
import { useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { formatAgo, formatBytes, formatCompact, formatCount } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Menu } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { ChooseIncoming } from './choose-incoming.tsx';
import { DeleteDataset } from './delete-dataset.tsx';
import { DeleteTexts } from './delete-texts.tsx';
import { DropArea } from './drop-area.tsx';
import { ImportJobs, type ImportJobsProps } from './import-jobs.tsx';
import type { Incoming } from './incoming.ts';

export interface DatasetListProps {
  readonly onIncoming: (incoming: Incoming) => void;
  readonly jobs: ImportJobsProps;
}

/** The project's datasets, and the place onto which new files are dropped. */
export function DatasetList({ onIncoming, jobs }: DatasetListProps): JSX.Element {
  const { t } = useTranslation('data');
  const datasets = useQuery(api.datasets.list.queryOptions());
  const [search, setSearch] = useState('');
  const [deleting, setDeleting] = useState<string>();
  const [deletingTexts, setDeletingTexts] = useState<string>();
  const navigate = useNavigate();
  const columns = useColumns(setDeleting, setDeletingTexts);
  const wanted = search.trim().toLowerCase();
  const shown = (datasets.data ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  const choose = <ChooseIncoming onIncoming={onIncoming} primary />;
  const isEmpty = datasets.data?.length === 0;
  const arriving = useImporting();
  return (
    <DropArea label={t('dropNow')} onIncoming={onIncoming}>
      <Page
        title={t('title')}
        lead={t('lead')}
        actions={
          !isEmpty && (
            <>
              <Button icon={FlaskConical} onClick={() => onIncoming({ kind: 'sample' })}>
                {t('sample')}
              </Button>
              {choose}
            </>
          )
        }
      >
        <ImportJobs {...jobs} />
        <ErrorNotice error={datasets.error} onRetry={() => void datasets.refetch()} />
        {datasets.isPending && <Loading />}
        {isEmpty && (
          <Card className="flex-1 border-dashed">
            <EmptyState
              icon={Database}
              title={arriving === undefined ? t('emptyTitle') : t('arrivingTitle', { name: arriving })}
              text={t(arriving === undefined ? 'emptyText' : 'arrivingText')}
              actions={
                arriving === undefined && (
                  <>
                    {choose}
                    <Button icon={FlaskConical} onClick={() => onIncoming({ kind: 'sample' })}>
                      {t('trySample')}
                    </Button>
                  </>
                )
              }
            />
          </Card>
        )}
        {datasets.data !== undefined && datasets.data.length > 0 && (
          <>
            <div className="flex items-center gap-4 rounded-lg border border-dashed border-line-strong px-4 py-3 text-ink-soft">
              <FolderOpen aria-hidden className="size-5 shrink-0 text-ink-faint" />
              <p>
                <span className="font-medium text-ink">{t('dropTitle')}.</span> {t('dropText')}
              </p>
            </div>
            <Card
              flush
              title={t('listLabel')}
              actions={<SearchInput value={search} onChange={setSearch} label={t('search')} />}
            >
              <Table
                label={t('listLabel')}
                columns={columns}
                rows={shown}
                rowKey={({ name }) => name}
                initialSort={{ column: 'created', descending: true }}
                onOpen={({ name }) => void navigate({ to: '/data', search: { dataset: name } })}
                empty={<p className="px-4 py-10 text-center text-ink-faint">{t('noneFound')}</p>}
              />
            </Card>
          </>
        )}
        {deleting !== undefined && <DeleteDataset name={deleting} onClose={() => setDeleting(undefined)} />}
        {deletingTexts !== undefined && (
          <DeleteTexts name={deletingTexts} onClose={() => setDeletingTexts(undefined)} />
        )}
      </Page>
    </DropArea>
  );
}

/** The dataset whose files are being imported. */
function useImporting(): string | undefined {
  const { data = [] } = useQuery(api.jobs.list.queryOptions());
  return data.find(({ kind, status }) => kind === 'import' && status === 'running')?.subject?.name;
}

function useColumns(
  onDelete: (name: string) => void,
  onDeleteTexts: (name: string) => void,
): readonly TableColumn<DatasetSummary>[] {
  const { t } = useTranslation('data');
  const navigate = useNavigate();
  const usersOf = useUsers();
  return useMemo(
    () => [
      {
        id: 'name',
        title: t('columnName'),
        sortBy: ({ name }) => name,
        render: ({ name, textsDeletedAt }) => (
          <span className="flex items-center gap-2">
            <Link to="/data" search={{ dataset: name }} className="font-medium hover:underline">
              {name}
            </Link>
            {textsDeletedAt !== undefined && <Badge tone="neutral">{t('textsDeletedBadge')}</Badge>}
          </span>
        ),
      },
      {
        id: 'documents',
        title: t('columnDocuments'),
        explain: 'data.document',
        align: 'end',
        sortBy: ({ documents }) => documents,
        render: ({ documents }) =>
          documents === undefined ? (
            <span className="text-ink-faint">{t('notCounted')}</span>
          ) : (
            formatCount(documents)
          ),
      },
      {
        id: 'characters',
        title: t('columnCharacters'),
        align: 'end',
        sortBy: ({ characters }) => characters,
        render: ({ characters }) => formatCompact(characters),
      },
      {
        id: 'size',
        title: t('columnSize'),
        align: 'end',
        sortBy: ({ bytes }) => bytes,
        render: ({ bytes }) => formatBytes(bytes),
      },
      {
        id: 'files',
        title: t('columnFiles'),
        align: 'end',
        sortBy: ({ files }) => files,
        render: ({ files }) => formatCount(files),
      },
      {
        id: 'steps',
        title: t('columnSteps'),
        explain: 'data.recipe',
        sortBy: ({ steps }) => steps,
        render: ({ name, steps }) =>
          steps === 0 ? (
            <span className="text-ink-faint">{t('noSteps')}</span>
          ) : (
            <Link to="/data" search={{ dataset: name, view: 'recipe' }} className="hover:underline">
              {t('steps', { count: steps })}
            </Link>
          ),
      },
      {
        id: 'usedBy',
        title: t('columnUsedBy'),
        sortBy: ({ name }) => usersOf(name).runs + usersOf(name).tokenizers,
        render: ({ name }) => {
          const { tokenizers, runs } = usersOf(name);
          const parts = [
            ...(tokenizers > 0 ? [t('usedByTokenizers', { count: tokenizers })] : []),
            ...(runs > 0 ? [t('usedByRuns', { count: runs })] : []),
          ];
          return parts.length === 0 ? (
            <span className="text-ink-faint">{t('unused')}</span>
          ) : (
            parts.join(', ')
          );
        },
      },
      {
        id: 'created',
        title: t('columnCreated'),
        sortBy: ({ createdAt }) => createdAt,
        render: ({ createdAt }) => <span className="whitespace-nowrap">{formatAgo(createdAt)}</span>,
      },
      {
        id: 'more',
        title: <span className="sr-only">{t('columnActions')}</span>,
        align: 'end',
        render: ({ name, textsDeletedAt }) => (
          <Menu
            align="end"
            trigger={<IconButton icon={EllipsisVertical} label={t('moreFor', { name })} />}
            entries={[
              {
                label: t('open'),
                icon: FolderOpen,
                onSelect: () => void navigate({ to: '/data', search: { dataset: name } }),
              },
              ...(textsDeletedAt === undefined
                ? [{ label: t('deleteTexts'), icon: FileX, onSelect: () => onDeleteTexts(name) }]
                : []),
              { label: t('delete'), icon: Trash2, danger: true, onSelect: () => onDelete(name) },
            ]}
          />
        ),
      },
    ],
    [t, usersOf, navigate, onDelete, onDeleteTexts],
  );
}

/** How many tokenizers and runs were made from a dataset. */
function useUsers(): (dataset: string) => { readonly tokenizers: number; readonly runs: number } {
  const tokenizers = useQuery(api.tokenizers.list.queryOptions());
  const runs = useQuery(api.runs.list.queryOptions());
  return useMemo(() => {
    const count = (list: readonly { readonly dataset?: string | undefined }[], name: string): number =>
      list.filter(({ dataset }) => dataset === name).length;
    return (name) => ({
      tokenizers: count(tokenizers.data ?? [], name),
      runs: count(runs.data ?? [], name),
    });
  }, [tokenizers.data, runs.data]);
}
