import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState, type JSX, type ReactNode } from 'react';
import type { Term } from '../../shared/teaching/term.ts';
import type { TermName } from '../../shared/teaching/terms.ts';
import { Explain } from './explain.tsx';

export interface TableColumn<Row> {
  readonly id: string;
  readonly title: ReactNode;
  readonly explain?: TermName | Term | undefined;
  readonly align?: 'start' | 'end';
  readonly render: (row: Row) => ReactNode;
  /** What the rows are sorted by when this column's title is pressed; without it the column does not sort. */
  readonly sortBy?: (row: Row) => string | number | null | undefined;
  readonly className?: string;
}

export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  /** What the table lists, read aloud. */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly initialSort?: TableSort;
  /** Pressing a row, or Enter on it. */
  readonly onOpen?: (row: Row) => void;
  readonly selected?: string | number | undefined;
  /** Stands in place of the rows where there are none. */
  readonly empty?: ReactNode;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** Rows without a value stand last, whichever way the others are sorted. */
function sortRows<Row>(
  rows: readonly Row[],
  by: (row: Row) => string | number | null | undefined,
  descending: boolean,
): readonly Row[] {
  const isMissing = (row: Row): boolean => {
    const value = by(row);
    return value === null || value === undefined;
  };
  const present = rows
    .filter((row) => !isMissing(row))
    .sort((a, b) => (descending ? -1 : 1) * compare(by(a), by(b)));
  return [...present, ...rows.filter(isMissing)];
}

/** A table of as many rows as one looks through; for more, see VirtualTable. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  initialSort,
  onOpen,
  selected,
  empty,
}: TableProps<Row>): JSX.Element {
  const [sort, setSort] = useState(initialSort);
  const sorted = useMemo(() => {
    const by = columns.find(({ id }) => id === sort?.column)?.sortBy;
    return sort === undefined || by === undefined ? rows : sortRows(rows, by, sort.descending);
  }, [columns, rows, sort]);
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line">
            {columns.map(({ id, title, explain, align, sortBy }) => {
              const active = sort?.column === id ? sort : undefined;
              return (
                <th
                  key={id}
                  scope="col"
                  aria-sort={
                    active === undefined ? undefined : active.descending ? 'descending' : 'ascending'
                  }
                  className="h-9 px-3 text-sm font-medium whitespace-nowrap text-ink-faint first:pl-4 last:pr-4"
                >
                  <span className={`flex items-center gap-0.5 ${align === 'end' ? 'justify-end' : ''}`}>
                    {sortBy === undefined ? (
                      title
                    ) : (
                      <SortButton
                        title={title}
                        sort={active}
                        align={align}
                        onPress={() =>
                          setSort({
                            column: id,
                            descending: active === undefined ? false : !active.descending,
                          })
                        }
                      />
                    )}
                    {explain !== undefined && <Explain term={explain} />}
                  </span>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr
              key={rowKey(row)}
              tabIndex={onOpen === undefined ? undefined : 0}
              data-selected={rowKey(row) === selected || undefined}
              onClick={(event) => {
                if (!isControl(event.target)) onOpen?.(row);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row);
              }}
              className={`border-b border-line last:border-b-0 data-[selected]:bg-accent-soft ${onOpen === undefined ? '' : 'hover:bg-hover focus-visible:-outline-offset-2'}`}
            >
              {columns.map(({ id, align, render, className = '' }) => (
                <td
                  key={id}
                  className={`h-10 px-3 first:pl-4 last:pr-4 ${align === 'end' ? 'figures text-right' : ''} ${className}`}
                >
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </div>
  );
}

/** Whether a press inside a row was meant for something in it. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, [role="menuitem"]') !== null;
}

interface SortButtonProps {
  readonly title: ReactNode;
  readonly sort: TableSort | undefined;
  /** At the end, the title stands right over its numbers and the arrow before it. */
  readonly align?: 'start' | 'end' | undefined;
  readonly onPress: () => void;
}

/** A column's title that sorts by it. */
export function SortButton({ title, sort, align = 'start', onPress }: SortButtonProps): JSX.Element {
  const Arrow = sort?.descending === true ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      onClick={onPress}
      className={`group relative -mx-1 inline-flex min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink ${align === 'end' ? 'flex-row-reverse' : ''} ${sort === undefined ? '' : 'text-ink'}`}
    >
      <span className="truncate">{title}</span>
      {/* Where nothing is sorted by it, it takes no room between the title and what stands beside that. */}
      <Arrow
        aria-hidden
        className={`shrink-0 ${sort === undefined ? 'absolute top-1/2 right-full size-3 -translate-y-1/2 opacity-0 group-hover:opacity-50' : 'size-3.5'}`}
      />
    </button>
  );
}
