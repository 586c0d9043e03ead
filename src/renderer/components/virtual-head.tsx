import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from './checkbox.tsx';
import { Explain } from './explain.tsx';
import { SortButton, type TableSort } from './table.tsx';
import type { VirtualColumn } from './virtual-column.ts';

/** Height of the row of titles, in pixels. */
export const headHeight = 34;

export interface VirtualHeadProps<Row> {
  readonly columns: readonly VirtualColumn<Row>[];
  readonly template: string;
  readonly sort: TableSort | undefined;
  readonly onSort: ((sort: TableSort) => void) | undefined;
  readonly count: number;
  /** How many rows are chosen; absent where rows are not chosen. */
  readonly checkedCount: number | undefined;
  readonly onCheckAll: (all: boolean) => void;
}

/** The titles of a VirtualTable's columns, which stay in view. */
export function VirtualHead<Row>({
  columns,
  template,
  sort,
  onSort,
  count,
  checkedCount,
  onCheckAll,
}: VirtualHeadProps<Row>): JSX.Element {
  const { t } = useTranslation('kit');
  return (
    <div
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: template, height: headHeight }}
      className="sticky top-0 z-10 grid items-center border-b border-line bg-surface text-sm font-medium text-ink-faint"
    >
      {checkedCount !== undefined && (
        <div role="columnheader" className="flex justify-center">
          <Checkbox
            label={t('selectAll')}
            hideLabel
            checked={count > 0 && checkedCount === count}
            mixed={checkedCount > 0 && checkedCount < count}
            onChange={onCheckAll}
          />
        </div>
      )}
      {columns.map(({ id, title, explain, align, sortable = false }) => {
        const sorted = sort?.column === id ? sort : undefined;
        return (
          <div
            key={id}
            role="columnheader"
            aria-sort={sorted === undefined ? undefined : sorted.descending ? 'descending' : 'ascending'}
            className={`flex min-w-0 items-center gap-0.5 px-2.5 ${align === 'end' ? 'justify-end' : ''}`}
          >
            {sortable ? (
              <SortButton
                title={title}
                sort={sorted}
                align={align}
                onPress={() =>
                  onSort?.({ column: id, descending: sorted === undefined ? false : !sorted.descending })
                }
              />
            ) : (
              <span className="truncate">{title}</span>
            )}
            {explain !== undefined && <Explain term={explain} />}
          </div>
        );
      })}
    </div>
  );
}
