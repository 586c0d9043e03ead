import { useMutation } from '@tanstack/react-query';
import { useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetSource } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Table, type TableColumn } from '../../components/table.tsx';
import { toast, toastError } from '../../components/toast.tsx';
import { ChooseIncoming } from './choose-incoming.tsx';
import type { Incoming } from './incoming.ts';

export interface SourcesViewProps {
  readonly name: string;
  readonly version: string;
  readonly sources: readonly DatasetSource[];
  readonly onIncoming: (incoming: Incoming) => void;
}

/** The files of a dataset: what they are, add more, take some out. */
export function SourcesView({ name, version, sources, onIncoming }: SourcesViewProps): JSX.Element {
  const { t } = useTranslation('data');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const columns = useColumns(chosen, setChosen);
  const wanted = search.trim().toLowerCase();
  const shown = sources.filter((source) => source.name.toLowerCase().includes(wanted));
  const files = sources.map((source) => source.name).filter((file) => chosen.has(file));
  const remove = useMutation(
    api.datasets.removeFiles.mutationOptions({
      onSuccess: ({ freedBytes }) => {
        setAsking(false);
        setChosen(new Set());
        toast({
          title: t('removedFiles', { count: files.length, counted: String(files.length) }),
          text: t('freed', { bytes: formatBytes(freedBytes) }),
          tone: 'success',
        });
      },
      onError: (error) => {
        setAsking(false);
        toastError(error);
      },
    }),
  );
  const all = files.length === sources.length;
  return (
    <div className="flex h-full min-h-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput value={search} onChange={setSearch} label={t('searchSources')} />
        <ChooseIncoming onIncoming={onIncoming} />
        {files.length > 0 && (
          <Button
            variant="danger"
            className="ml-auto"
            disabled={all}
            title={all ? t('removeFilesAll') : undefined}
            onClick={() => setAsking(true)}
          >
            {t('removeFiles', { count: files.length })}
          </Button>
        )}
        {all && files.length > 0 && <p className="w-full text-sm text-ink-faint">{t('removeFilesAll')}</p>}
      </div>
      <Card flush className="min-h-0">
        <div className="h-full overflow-y-auto">
          <Table
            label={t('sourcesLabel')}
            columns={columns}
            rows={shown}
            rowKey={(source) => source.name}
            empty={<p className="px-4 py-10 text-center text-ink-faint">{t('noFiles')}</p>}
          />
        </div>
      </Card>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('removeFilesTitle', { name })}
        confirmLabel={t('removeFiles', { count: files.length })}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ name, version, files })}
      >
        {t('removeFilesText')}
      </ConfirmDialog>
    </div>
  );
}

function useColumns(
  chosen: ReadonlySet<string>,
  onChosen: (chosen: ReadonlySet<string>) => void,
): readonly TableColumn<DatasetSource>[] {
  const { t } = useTranslation('data');
  return useMemo(
    () => [
      {
        id: 'choose',
        title: <span className="sr-only">{t('columnChosen')}</span>,
        className: 'w-8',
        render: ({ name }) => (
          <Checkbox
            label={name}
            hideLabel
            checked={chosen.has(name)}
            onChange={(checked) => {
              const next = new Set(chosen);
              if (checked) next.add(name);
              else next.delete(name);
              onChosen(next);
            }}
          />
        ),
      },
      {
        id: 'name',
        title: t('columnName'),
        sortBy: ({ name }) => name,
        render: ({ name }) => <span className="wrap-anywhere">{name}</span>,
      },
      {
        id: 'format',
        title: t('columnFormat'),
        sortBy: ({ format }) => format,
        render: ({ format }) => t(`format_${format}`),
      },
      {
        id: 'size',
        title: t('columnSize'),
        align: 'end',
        sortBy: ({ bytes }) => bytes,
        render: ({ bytes }) => formatBytes(bytes),
      },
      {
        id: 'encoding',
        title: t('columnEncoding'),
        explain: 'data.encodings',
        sortBy: ({ encoding }) => encoding,
        render: ({ encoding }) => encoding,
      },
      {
        id: 'kept',
        title: t('columnKept'),
        explain: 'data.keepInPlace',
        sortBy: ({ keptAt }) => keptAt ?? '',
        render: ({ keptAt }) =>
          keptAt === undefined ? (
            <span className="text-ink-faint">{t('keptCopy')}</span>
          ) : (
            <span title={keptAt}>{t('keptInPlace')}</span>
          ),
      },
      {
        id: 'hash',
        title: t('columnHash'),
        explain: 'data.source',
        render: ({ hash }) => (
          <span className="flex items-center gap-1 font-mono text-sm text-ink-faint">
            {hash.slice(0, 10)}
            <CopyButton text={hash} />
          </span>
        ),
      },
    ],
    [t, chosen, onChosen],
  );
}
