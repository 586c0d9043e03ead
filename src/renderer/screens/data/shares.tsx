import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '../../format/format.ts';

export interface SharesProps {
  /** What is shared out, read aloud. */
  readonly label: string;
  readonly total: number;
  readonly rows: readonly { readonly name: string; readonly count: number }[];
}

/** Parts of a whole, the largest first, each with its bar, its number and its share. */
export function Shares({ label, total, rows }: SharesProps): JSX.Element {
  const { t } = useTranslation('data');
  if (rows.length === 0) return <p className="text-ink-faint">{t('nothingToShow')}</p>;
  const largest = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <ul aria-label={label} className="flex max-h-72 flex-col gap-1 overflow-y-auto">
      {rows.map(({ name, count }) => (
        <li key={name} className="grid grid-cols-[9rem_1fr_5rem_3.5rem] items-center gap-3">
          <span className="truncate" title={name}>
            {name}
          </span>
          <span aria-hidden className="h-2.5 overflow-hidden rounded-sm bg-sunken">
            <span
              className="block h-full rounded-sm bg-series-1"
              style={{ width: `${(100 * count) / largest}%` }}
            />
          </span>
          <span className="figures text-right">{formatCount(count)}</span>
          <span className="figures text-right text-ink-faint">
            {formatPercent(total === 0 ? null : count / total, 1)}
          </span>
        </li>
      ))}
    </ul>
  );
}
