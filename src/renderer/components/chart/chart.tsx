import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type JSX,
  type KeyboardEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useChartColors } from './chart-colors.ts';
import { alignLines, nearestPlace, type ChartLine, type ChartMark, type ChartRange } from './chart-lines.ts';
import { plotOptions } from './chart-plot.ts';
import { ChartReadout, createCursorPlace } from './chart-readout.tsx';
import { followPointer, moved, rangeOf, zoomed } from './follow-pointer.ts';

export interface ChartProps {
  /** What is drawn, read aloud: "Loss". */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly marks?: readonly ChartMark[];
  readonly height?: number;
  readonly xName: string;
  readonly formatX: (value: number) => string;
  /** A place on the x axis as the axis writes it; default: as it is read. */
  readonly formatXTick?: (value: number) => string;
  /** A value as it is read. */
  readonly formatY: (value: number) => string;
  /** A value as the axis writes it; default: as it is read. */
  readonly formatTick?: (value: number) => string;
  readonly logarithmic?: boolean;
  /** What is shown of the x axis; undefined: everything. */
  readonly range?: ChartRange | undefined;
  /** The person asks for another stretch, or with undefined for everything. */
  readonly onRange: (range: ChartRange | undefined) => void;
  readonly syncKey?: string;
}

const noMarks: readonly ChartMark[] = [];

/**
 * A chart of lines. Dragging zooms in, Shift and dragging moves, a double click shows everything; with the keyboard the
 * arrows walk from point to point.
 */
export function Chart(props: ChartProps): JSX.Element {
  const { label, lines, marks = noMarks, height = 220, xName, formatX, formatY } = props;
  const { logarithmic = false, range, onRange, syncKey } = props;
  const { formatTick = formatY, formatXTick = formatX } = props;
  const { t } = useTranslation('chart');
  const colors = useChartColors();
  const hintId = useId();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const cursor = useMemo(createCursorPlace, []);
  const [aloud, setAloud] = useState(false);
  const data = useMemo(() => alignLines(lines, logarithmic), [lines, logarithmic]);
  // What uPlot asks for while it draws; it lives longer than one drawing of this component.
  const current = useRef({ range, marks, onRange, data, lines });
  current.current = { range, marks, onRange, data, lines };
  const look = JSON.stringify(
    lines.map(({ id, color, dash, points, band }) => [id, color, dash, points, band !== undefined]),
  );

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const options = plotOptions({
      lines: current.current.lines,
      colors,
      height,
      width: Math.max(120, element.clientWidth),
      logarithmic,
      formatXTick,
      formatTick,
      syncKey,
      range: () => current.current.range,
      marks: () => current.current.marks,
      onCursor: cursor.set,
      onSelect: (wanted) => current.current.onRange(wanted),
      onReset: () => current.current.onRange(undefined),
    });
    const made = new uPlot(options, current.current.data, element);
    plot.current = made;
    const unfollow = followPointer(made, (wanted) => current.current.onRange(wanted));
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      unfollow();
      made.destroy();
      plot.current = undefined;
    };
  }, [look, colors, height, logarithmic, formatXTick, formatTick, syncKey, cursor]);

  useEffect(() => {
    plot.current?.setData(data, true);
  }, [data, range, marks]);

  const walk = useCallback((where: 'first' | 'last' | 1 | -1): void => {
    const made = plot.current;
    const xs = made?.data[0];
    if (made === undefined || xs === undefined || xs.length === 0) return;
    const { left = -1 } = made.cursor;
    const { min, max } = rangeOf(made);
    const inside = [...xs].filter((x) => x >= min && x <= max);
    const now =
      left === null || left < 0 ? inside.length - 1 : nearestPlace(inside, made.posToVal(left, 'x'));
    const next = where === 'first' ? 0 : where === 'last' ? inside.length - 1 : now + where;
    const x = inside[Math.min(inside.length - 1, Math.max(0, next))];
    if (x !== undefined) made.setCursor({ left: made.valToPos(x, 'x'), top: 1 });
  }, []);

  const press = (event: KeyboardEvent): void => {
    const made = plot.current;
    if (made === undefined) return;
    const shown = rangeOf(made);
    const middle = (shown.min + shown.max) / 2;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => (event.shiftKey ? onRange(moved(shown, -0.2)) : walk(-1)),
      ArrowRight: () => (event.shiftKey ? onRange(moved(shown, 0.2)) : walk(1)),
      Home: () => walk('first'),
      End: () => walk('last'),
      '+': () => onRange(zoomed(shown, middle, 0.5)),
      '-': () => onRange(zoomed(shown, middle, 2)),
      '0': () => onRange(undefined),
    };
    const action = actions[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setAloud(true);
    action();
  };

  return (
    // What is only read aloud lies in the chart, so that it does not make the page longer.
    <div className="relative flex min-w-0 flex-col gap-1">
      <ChartReadout
        cursor={cursor}
        lines={lines}
        marks={marks}
        xName={xName}
        formatX={formatX}
        formatY={formatY}
        aloud={aloud}
        reach={() => {
          const made = plot.current;
          if (made === undefined) return Infinity;
          const { min, max } = rangeOf(made);
          return (max - min) / 12;
        }}
      />
      <div
        ref={place}
        tabIndex={0}
        role="group"
        aria-roledescription={t('chart')}
        aria-label={label}
        aria-describedby={hintId}
        onKeyDown={press}
        onBlur={() => {
          setAloud(false);
          plot.current?.setCursor({ left: -10, top: -10 });
        }}
        className="min-w-0 rounded-md focus-visible:outline-offset-0"
        style={{ height }}
      />
      <span id={hintId} className="sr-only">
        {t('chartKeys')}
      </span>
    </div>
  );
}
