import { useSyncExternalStore, type JSX } from 'react';
import { valueNear, type ChartLine, type ChartMark, type LineColor } from './chart-lines.ts';

/** Where the cursor of a chart is, outside of React's state: it moves with every move of the pointer. */
export interface CursorPlace {
  readonly read: () => number | undefined;
  readonly set: (x: number | undefined) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createCursorPlace(): CursorPlace {
  let place: number | undefined;
  let frame = 0;
  const listeners = new Set<() => void>();
  return {
    read: () => place,
    set: (x) => {
      place = x;
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        for (const listener of listeners) listener();
      });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export interface ChartReadoutProps {
  readonly cursor: CursorPlace;
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  /** What the x axis counts: "Step". */
  readonly xName: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** How far from the cursor a point may lie. */
  readonly reach: () => number;
  /** Reads values aloud while the keyboard moves the cursor. */
  readonly aloud: boolean;
}

/** The lines' names, and their values under the cursor, else their last ones. */
export function ChartReadout(props: ChartReadoutProps): JSX.Element {
  const { cursor, lines, marks, xName, formatX, formatY, reach, aloud } = props;
  const x = useSyncExternalStore(cursor.subscribe, cursor.read);
  const within = reach();
  const mark = x === undefined ? undefined : marks.find((each) => Math.abs(each.x - x) < within / 4);
  const values = lines.map((line) => {
    const found = x === undefined ? lastValue(line) : valueNear(line, x, within);
    return { line, value: found?.y ?? null, at: found?.x };
  });
  const at = values.find((each) => each.at !== undefined)?.at;
  return (
    <div
      aria-live={aloud ? 'polite' : 'off'}
      className="figures flex min-h-5 flex-wrap items-center gap-x-3.5 gap-y-0.5 text-sm text-ink-soft"
    >
      {values.map(({ line, value }) => (
        <span key={line.id} className="inline-flex min-w-0 items-center gap-1.5">
          <LineKey line={line} />
          <span className="truncate">{line.label}</span>
          <span className="font-medium text-ink">{value === null ? '–' : formatY(value)}</span>
        </span>
      ))}
      {x !== undefined && at !== undefined && (
        <span className="text-ink-faint">
          {xName} {formatX(at)}
        </span>
      )}
      {mark !== undefined && <span className="font-medium text-warning">{mark.label}</span>}
    </div>
  );
}

function lastValue(line: ChartLine): { readonly x: number; readonly y: number | null } | undefined {
  for (let place = line.x.length - 1; place >= 0; place--) {
    const x = line.x[place];
    const y = line.y[place];
    if (x !== undefined && y !== null && y !== undefined) return { x, y };
  }
  return undefined;
}

/** Written out, so that the style sheet has every colour of a line. */
const inks: Readonly<Record<LineColor, string>> = {
  1: 'text-series-1',
  2: 'text-series-2',
  3: 'text-series-3',
  4: 'text-series-4',
  5: 'text-series-5',
  6: 'text-series-6',
  7: 'text-series-7',
  8: 'text-series-8',
};

/** A short piece of the line, as it is drawn. */
export function LineKey({ line }: { readonly line: Pick<ChartLine, 'color' | 'dash'> }): JSX.Element {
  return (
    <svg aria-hidden width="18" height="8" className={`shrink-0 ${inks[line.color]}`}>
      <line
        x1="0"
        y1="4"
        x2="18"
        y2="4"
        strokeWidth="2.5"
        stroke="currentColor"
        strokeDasharray={line.dash?.join(' ')}
      />
    </svg>
  );
}
