import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../button.tsx';
import { valueNear, type ChartLine } from './chart-lines.ts';

/** Rows that a page of the table holds. */
const pageLength = 25;

export interface ChartTableProps {
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly xName: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** The chart's figures, for those who do not look at it. */
export function ChartTable({ label, lines, xName, formatX, formatY }: ChartTableProps): JSX.Element {
  const { t } = useTranslation('chart');
  const [page, setPage] = useState(0);
  const longest = lines.reduce<readonly number[]>(
    (found, { x }) => (x.length > found.length ? x : found),
    [],
  );
  const pages = Math.max(1, Math.ceil(longest.length / pageLength));
  const shown = longest.slice(Math.min(page, pages - 1) * pageLength).slice(0, pageLength);
  const reach = ((longest.at(-1) ?? 0) - (longest[0] ?? 0)) / Math.max(1, longest.length);
  return (
    <div className="flex flex-col gap-2">
      <div
        className="max-h-80 overflow-auto rounded-md border border-line"
        tabIndex={0}
        role="group"
        aria-label={label}
      >
        <table aria-label={label} className="figures w-full border-collapse text-sm">
          <thead className="sticky top-0 bg-surface">
            <tr className="border-b border-line text-ink-faint">
              <th scope="col" className="px-3 py-1.5 text-left font-medium">
                {xName}
              </th>
              {lines.map((line) => (
                <th key={line.id} scope="col" className="px-3 py-1.5 text-right font-medium">
                  {line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((x) => (
              <tr key={x} className="border-b border-line last:border-b-0">
                <th scope="row" className="px-3 py-1 text-left font-normal">
                  {formatX(x)}
                </th>
                {lines.map((line) => {
                  const value = valueNear(line, x, reach)?.y ?? null;
                  return (
                    <td key={line.id} className="px-3 py-1 text-right">
                      {value === null ? '–' : formatY(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div className="flex items-center gap-2 text-sm text-ink-faint">
          <Button size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {t('previous')}
          </Button>
          <Button size="small" disabled={page >= pages - 1} onClick={() => setPage(page + 1)}>
            {t('next')}
          </Button>
          {t('page', { page: Math.min(page, pages - 1) + 1, pages })}
        </div>
      )}
    </div>
  );
}
