import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentStatistics } from '../../../shared/datasets/statistics.ts';
import { formatCompact, formatCount } from '../../format/format.ts';
import { Tooltip } from '../../components/tooltip.tsx';

/** How many documents are how long. Each bar says its figures when pointed at or reached by the keyboard. */
export function LengthHistogram({ statistics }: { readonly statistics: DocumentStatistics }): JSX.Element {
  const { t } = useTranslation('data');
  const { histogram, lengths } = statistics;
  if (histogram.length === 0) return <p className="text-ink-faint">{t('nothingToShow')}</p>;
  const highest = Math.max(1, ...histogram.map(({ documents }) => documents));
  return (
    <figure>
      <ol aria-label={t('lengths')} className="flex h-40 items-end gap-1 border-b border-line-strong">
        {histogram.map(({ from, to, documents }) => {
          const said = t('lengthsBar', {
            from: formatCount(from),
            to: formatCount(to - 1),
            count: documents,
            documents: formatCount(documents),
          });
          return (
            <li key={from} className="flex h-full min-w-0 flex-1 flex-col justify-end">
              <Tooltip text={said} side="top">
                <button
                  type="button"
                  aria-label={said}
                  className="flex h-full w-full flex-col justify-end rounded-t-sm hover:bg-hover focus-visible:outline-offset-0"
                >
                  <span
                    className="w-full rounded-t-sm bg-series-1"
                    style={{ height: documents === 0 ? 0 : `max(2px, ${(100 * documents) / highest}%)` }}
                  />
                </button>
              </Tooltip>
            </li>
          );
        })}
      </ol>
      <div aria-hidden className="flex gap-1 text-xs text-ink-faint">
        {histogram.map(({ from }, index) => (
          <span key={from} className="figures min-w-0 flex-1 pt-1 text-left">
            {index % labelEvery(histogram.length) === 0 ? formatCompact(from) : ''}
          </span>
        ))}
      </div>
      <figcaption className="mt-2 flex justify-between text-sm text-ink-faint">
        <span>{lengths.low > 0 && t('lengthsLow', { length: formatCount(lengths.low) })}</span>
        <span>{t('lengthsAxis')}</span>
        <span>{t('lengthsHigh', { length: formatCount(lengths.high) })}</span>
      </figcaption>
    </figure>
  );
}

/** Labels stand under as many bars as have room for them. */
function labelEvery(bars: number): number {
  return Math.max(1, Math.ceil(bars / 12));
}
