import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { formatCount } from '../../format/format.ts';
import { SearchInput } from '../../components/search-input.tsx';
import { Select } from '../../components/select.tsx';

const sorts = ['newest', 'name', 'vocabulary'] as const;
type Sort = (typeof sorts)[number];

const order: Readonly<Record<Sort, (a: TokenizerDetails, b: TokenizerDetails) => number>> = {
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  vocabulary: (a, b) => b.vocabularySize - a.vocabularySize,
};

export interface TokenizerListProps {
  readonly tokenizers: readonly TokenizerDetails[];
  readonly selected: string | undefined;
  readonly onSelect: (name: string) => void;
}

/** The project's tokenizers, one of them chosen. */
export function TokenizerList({ tokenizers, selected, onSelect }: TokenizerListProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>('newest');
  const wanted = search.trim().toLowerCase();
  const shown = tokenizers
    .filter(({ name, dataset = '' }) => `${name} ${dataset}`.toLowerCase().includes(wanted))
    .toSorted(order[sort]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2 border-b border-line p-3">
        <SearchInput value={search} onChange={setSearch} label={t('search')} className="w-full" />
        <Select
          label={t('sort')}
          size="small"
          value={sort}
          onChange={setSort}
          options={[
            { value: 'newest', label: t('sortNewest') },
            { value: 'name', label: t('sortName') },
            { value: 'vocabulary', label: t('sortVocabulary') },
          ]}
        />
      </div>
      <ul aria-label={t('listLabel')} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {shown.map((tokenizer) => (
          <li key={tokenizer.name}>
            <button
              type="button"
              aria-current={tokenizer.name === selected || undefined}
              onClick={() => onSelect(tokenizer.name)}
              className="w-full rounded-md px-2.5 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-accent-soft"
            >
              <span className="block truncate font-medium">{tokenizer.name}</span>
              <span className="block truncate text-sm text-ink-faint">
                {t(kindName(tokenizer.kind))} ·{' '}
                {t('tokens', {
                  count: tokenizer.vocabularySize,
                  counted: formatCount(tokenizer.vocabularySize),
                })}{' '}
                · {tokenizer.dataset ?? t('imported')}
              </span>
            </button>
          </li>
        ))}
        {shown.length === 0 && <li className="px-2.5 py-6 text-center text-ink-faint">{t('noneFound')}</li>}
      </ul>
    </div>
  );
}

/** The key of a kind's name. */
export function kindName(kind: TokenizerDetails['kind']): 'kindBpe' | 'kindChar' | 'kindOther' {
  switch (kind) {
    case 'bpe':
      return 'kindBpe';
    case 'char':
      return 'kindChar';
    case 'other':
      return 'kindOther';
  }
}
