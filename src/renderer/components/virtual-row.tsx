import { memo, type JSX, type MouseEvent } from 'react';
import type { VirtualColumn } from './virtual-column.ts';

export interface VirtualRowProps<Row> {
  readonly id: string;
  readonly index: number;
  /** Absent while it is being fetched. */
  readonly row: Row | undefined;
  /** Distance from the top of the list, in pixels. */
  readonly top: number;
  readonly height: number;
  readonly columns: readonly VirtualColumn<Row>[];
  /** The columns' widths, as CSS's grid wants them. */
  readonly template: string;
  readonly isActive: boolean;
  /** Absent where rows are not chosen. */
  readonly isChecked: boolean | undefined;
  readonly checkLabel: string;
  readonly className: string;
  readonly onPress: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onToggle: (index: number, range: boolean) => void;
}

/** Whether a press inside a row was meant for something in it. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label') !== null;
}

function PlainRow<Row>({
  id,
  index,
  row,
  top,
  height,
  columns,
  template,
  isActive,
  isChecked,
  checkLabel,
  className,
  onPress,
  onOpen,
  onToggle,
}: VirtualRowProps<Row>): JSX.Element {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChecked ?? isActive}
      data-active={isActive || undefined}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${top}px)` }}
      onClick={(event: MouseEvent) => {
        if (!isControl(event.target)) onPress(index);
      }}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) onOpen(index);
      }}
      className={`absolute inset-x-0 top-0 grid items-center border-b border-line/60 hover:bg-hover data-[active]:bg-accent-soft ${className}`}
    >
      {isChecked !== undefined && (
        <div role="gridcell" className="flex justify-center">
          {/* The table has the keyboard; the box is for the pointer. One of the system's own draws fastest. */}
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={checkLabel}
            checked={isChecked}
            onClick={(event) => onToggle(index, event.shiftKey)}
            readOnly
            className="tick"
          />
        </div>
      )}
      {columns.map(({ id: column, align, render }) => (
        <div
          key={column}
          role="gridcell"
          // Clipped, not hidden: what is hidden the browser may scroll into view, and the text would jump.
          className={`min-w-0 overflow-clip px-2.5 text-ellipsis whitespace-nowrap ${align === 'end' ? 'figures text-right' : ''}`}
        >
          {row === undefined ? (
            <span aria-hidden className="inline-block h-2.5 w-2/3 rounded-full bg-line/70 align-middle" />
          ) : (
            render(row, index)
          )}
        </div>
      ))}
    </div>
  );
}

/** A row of a VirtualTable; drawn anew only when something about it changed, so that scrolling draws only what is new. */
export const VirtualRow = memo(PlainRow) as typeof PlainRow;
