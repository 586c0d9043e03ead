import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type JSX,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from './error-notice.tsx';
import { useRowSource, type FetchRows } from './row-source.ts';
import { rowWindow, scrollTopFor } from './row-window.ts';
import type { TableSort } from './table.tsx';
import type { VirtualColumn } from './virtual-column.ts';
import { headHeight, VirtualHead } from './virtual-head.tsx';
import { VirtualRow } from './virtual-row.tsx';

export interface VirtualTableProps<Row> {
  /** What the table lists, read aloud. */
  readonly label: string;
  readonly columns: readonly VirtualColumn<Row>[];
  /** How many rows there are in all. */
  readonly count: number;
  /** Fetches rows `start` to `start + count`; called for what comes into view. */
  readonly rows: FetchRows<Row>;
  /** Says which list the rows are of: dataset, version, search, order. With another one everything is fetched anew. */
  readonly source: string;
  /** Says which state of that list: with another one rows are fetched anew in place, and the old ones stay until then. */
  readonly revision?: string | undefined;
  readonly sort?: TableSort | undefined;
  readonly onSort?: (sort: TableSort) => void;
  /** The row that is looked at. */
  readonly active?: number | undefined;
  readonly onActive?: (index: number) => void;
  /** Enter or a double press on a row. */
  readonly onOpen?: (index: number) => void;
  /** Whether one press opens already: where looking at a row is what the list is for. */
  readonly opensOnPress?: boolean;
  /** The rows that are chosen, where several can be; without it there are no boxes. */
  readonly checked?: ReadonlySet<number>;
  readonly onCheckedChange?: (checked: ReadonlySet<number>) => void;
  /** Marks a row: one that is excluded, say. */
  readonly rowClass?: (row: Row) => string;
  readonly empty?: ReactNode;
  /** In pixels, at most 32. */
  readonly rowHeight?: number;
  readonly className?: string;
}

const overscan = 8;

/**
 * A table of as many rows as there may be: only those in view are drawn, and only those looked at are fetched. It fills
 * the height that it is given. Keys: arrows, Page Up, Page Down, Home, End, Space to choose, Enter to open.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>): JSX.Element {
  const {
    label,
    columns,
    count,
    rows,
    source,
    revision,
    sort,
    onSort,
    active,
    onActive,
    onOpen,
    opensOnPress = false,
    checked,
    onCheckedChange,
  } = props;
  const { rowClass, empty, rowHeight = 30, className = '' } = props;
  const { t } = useTranslation('kit');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<number | undefined>(undefined);
  const [view, setView] = useState({ height: 600, scrollTop: 0 });
  const [ownActive, setOwnActive] = useState<number>();
  const current = active ?? ownActive;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void =>
      setView({ height: element.clientHeight - headHeight, scrollTop: element.scrollTop });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [source]);

  const list = { count, rowHeight, viewHeight: view.height, scrollTop: view.scrollTop };
  const { height, first, end, top } = rowWindow({ ...list, overscan });
  const { row: rowAt, error, retry } = useRowSource(rows, { source, revision }, count, first, end);
  const template = `${checked === undefined ? '' : '2.25rem '}${columns.map(({ width }) => width).join(' ')}`;

  const go = (index: number): void => {
    const target = Math.max(0, Math.min(count - 1, index));
    setOwnActive(target);
    onActive?.(target);
    if (scroller.current !== null)
      scroller.current.scrollTop = scrollTopFor(target, { ...list, scrollTop: scroller.current.scrollTop });
  };

  const toggle = (index: number, range: boolean): void => {
    if (checked === undefined) return;
    const from = range ? (anchor.current ?? index) : index;
    const next = new Set(checked);
    const add = !checked.has(index);
    for (let row = Math.min(from, index); row <= Math.max(from, index); row++) {
      if (add) next.add(row);
      else next.delete(row);
    }
    anchor.current = index;
    onCheckedChange?.(next);
  };

  const press = (index: number): void => {
    if (!opensOnPress) {
      go(index);
      return;
    }
    setOwnActive(index);
    onOpen?.(index);
  };
  // What rows call stays the same function from drawing to drawing, so that rows need not be drawn anew.
  const latest = useRef({ press, toggle, onOpen });
  latest.current = { press, toggle, onOpen };
  const [calls] = useState(() => ({
    press: (index: number): void => latest.current.press(index),
    open: (index: number): void => latest.current.onOpen?.(index),
    toggle: (index: number, range: boolean): void => latest.current.toggle(index, range),
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const here = current ?? -1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: count - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) go(target);
    else if (event.key === ' ' && checked !== undefined && here >= 0) toggle(here, event.shiftKey);
    else if (event.key === 'Enter' && here >= 0) onOpen?.(here);
    else return;
    event.preventDefault();
  };

  return (
    <div className={`relative flex min-h-0 flex-1 flex-col ${className}`}>
      <div
        ref={scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={count + 1}
        aria-colcount={columns.length + (checked === undefined ? 0 : 1)}
        aria-multiselectable={checked !== undefined || undefined}
        aria-activedescendant={
          current !== undefined && current >= first && current < end ? `${id}-${current}` : undefined
        }
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget;
          setView((before) => ({ ...before, scrollTop }));
        }}
        className="min-h-0 flex-1 overflow-auto outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent"
      >
        <div role="presentation" className="w-full min-w-max">
          <VirtualHead
            columns={columns}
            template={template}
            sort={sort}
            onSort={onSort}
            count={count}
            checkedCount={checked?.size}
            onCheckAll={(all) =>
              onCheckedChange?.(new Set(all ? Array.from({ length: count }, (_, row) => row) : []))
            }
          />
          <div role="rowgroup" style={{ height, position: 'relative' }}>
            {Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
              const index = first + offset;
              const row = rowAt(index);
              return (
                <VirtualRow<Row>
                  key={index}
                  id={`${id}-${index}`}
                  index={index}
                  row={row}
                  top={top + offset * rowHeight}
                  height={rowHeight}
                  columns={columns}
                  template={template}
                  isActive={index === current}
                  isChecked={checked?.has(index)}
                  checkLabel={t('selectRow', { row: index + 1 })}
                  className={row === undefined ? '' : (rowClass?.(row) ?? '')}
                  onPress={calls.press}
                  onOpen={calls.open}
                  onToggle={calls.toggle}
                />
              );
            })}
          </div>
        </div>
        {count === 0 && empty}
      </div>
      {error !== undefined && (
        <div className="absolute inset-x-4 bottom-4">
          <ErrorNotice error={error} onRetry={retry} />
        </div>
      )}
    </div>
  );
}
