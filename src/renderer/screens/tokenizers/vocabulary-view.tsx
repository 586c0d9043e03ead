import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { VocabularyToken } from '../../../shared/tokenizers/encoding.ts';
import { api, client } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import type { VirtualColumn } from '../../components/virtual-column.ts';
import { VirtualTable } from '../../components/virtual-table.tsx';
import { useDebounced } from '../../client/use-debounced.ts';
import { typingRest } from './encoding.ts';
import { spacedBytes, visibleText } from './token-appearance.ts';

/** All tokens of a vocabulary. */
export function VocabularyView({
  name,
  hash,
}: {
  readonly name: string;
  readonly hash: string;
}): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const [search, setSearch] = useState('');
  const wanted = useDebounced(search.slice(0, 200), typingRest);
  const found = useQuery(
    api.tokenizers.vocabulary.queryOptions({
      input: { name, from: 0, count: 1, search: wanted },
      placeholderData: keepPreviousData,
    }),
  );
  const columns = useMemo<readonly VirtualColumn<VocabularyToken>[]>(
    () => [
      {
        id: 'id',
        title: t('columnId'),
        explain: 'tokenizers.tokenId',
        width: '6rem',
        align: 'end',
        render: ({ id }) => <span className="font-mono">{id}</span>,
      },
      {
        id: 'text',
        title: t('columnText'),
        width: 'minmax(8rem, 2fr)',
        render: (token) =>
          token.kind === 'unused' ? (
            <span className="text-ink-faint">{t('unusedToken')}</span>
          ) : (
            <bdi className="rounded-sm bg-sunken px-1 font-mono">{visibleText(token)}</bdi>
          ),
      },
      {
        id: 'bytes',
        title: t('columnBytes'),
        explain: 'tokenizers.tokenBytes',
        width: 'minmax(8rem, 2fr)',
        render: ({ bytes }) => <span className="font-mono text-ink-soft">{spacedBytes(bytes)}</span>,
      },
      {
        id: 'kind',
        title: t('columnKind'),
        width: '11rem',
        render: ({ kind }) => t(`kind_${kind}`),
      },
    ],
    [t],
  );
  const total = found.data?.total ?? 0;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <SearchInput value={search} onChange={setSearch} label={t('vocabularySearch')} />
        <span className="figures text-sm text-ink-faint" role="status">
          {found.data !== undefined && t('vocabularyFound', { count: total, counted: formatCount(total) })}
        </span>
      </div>
      <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      <div className="flex h-[calc(100vh-24.5rem)] min-h-72 overflow-hidden rounded-lg border border-line">
        <VirtualTable
          label={t('vocabularyLabel')}
          columns={columns}
          count={total}
          source={`${hash} ${wanted}`}
          rows={async (from, count, signal) =>
            (await client.tokenizers.vocabulary({ name, from, count, search: wanted }, { signal })).tokens
          }
          empty={
            found.data !== undefined && (
              <p className="py-10 text-center text-ink-faint">{t('vocabularyNone')}</p>
            )
          }
        />
      </div>
    </div>
  );
}
