import type uPlot from 'uplot';
import type { ChartColors } from './chart-colors.ts';
import { placeLines, type ChartLine, type ChartMark, type ChartRange } from './chart-lines.ts';

export interface PlotSettings {
  readonly lines: readonly ChartLine[];
  readonly colors: ChartColors;
  readonly height: number;
  readonly width: number;
  readonly logarithmic: boolean;
  readonly formatXTick: (value: number) => string;
  readonly formatTick: (value: number) => string;
  /** Charts of one key move their cursors together. */
  readonly syncKey: string | undefined;
  /** What is shown of the x axis; undefined: everything. */
  readonly range: () => ChartRange | undefined;
  readonly marks: () => readonly ChartMark[];
  readonly onCursor: (x: number | undefined) => void;
  readonly onSelect: (range: ChartRange) => void;
  readonly onReset: () => void;
}

/** By number, since uPlot's enums do not exist when the program runs. */
const logarithmicScale = Object.assign<uPlot.Scale, object>({}, { distr: 3 });

const axisFont = '12px system-ui, sans-serif';

/** Distances between the marks of an x axis. It counts steps, seconds or tokens: a mark between two of them would be rounded. */
const wholeIncrements: readonly number[] = Array.from({ length: 15 }, (_, power) => 10 ** power).flatMap(
  (unit) => [unit, 2 * unit, 5 * unit],
);

/** What uPlot is told to draw. */
export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { lines, colors, height, width, logarithmic, formatXTick, formatTick, syncKey } = settings;
  const places = placeLines(lines);
  const axis = {
    font: axisFont,
    stroke: colors.text,
    ticks: { show: false },
    grid: { stroke: colors.grid, width: 1 },
  };
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const { line, band } of places) {
    const color = colors.line[line.color];
    if (band !== undefined) {
      const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
      series.push(edge, edge);
      bands.push({ series: [band.high, band.low], fill: translucent(color, 0.18) });
    }
    series.push({
      stroke: color,
      width: 1.75,
      ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
      points: line.points === true ? { show: true, size: 5, fill: color, width: 0 } : { show: false },
      spanGaps: false,
    });
  }
  return {
    width,
    height,
    legend: { show: false },
    // The last mark of the x axis is centred on the end.
    padding: [10, 26, 0, 4],
    series,
    bands,
    scales: {
      x: { time: false, range: (_, min, max) => shownRange(settings.range(), min, max) },
      y: logarithmic ? logarithmicScale : {},
    },
    axes: [
      {
        ...axis,
        size: 28,
        incrs: [...wholeIncrements],
        values: (_, values) => values.map((value) => formatXTick(value)),
      },
      {
        ...axis,
        size: 62,
        values: (_, values) => values.map((value) => (value === null ? '' : formatTick(value))),
      },
    ],
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
      bind: {
        // With Shift the pointer moves the curve instead; see `followPointer`.
        mousedown: (_, __, handler) => (event) => {
          if (event.button === 0 && !event.shiftKey) handler(event);
          return null;
        },
        dblclick: () => () => {
          settings.onReset();
          return null;
        },
      },
      ...(syncKey === undefined ? {} : { sync: { key: syncKey, scales: ['x', null] } }),
    },
    hooks: {
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          settings.onCursor(
            left === undefined || left === null || left < 0 ? undefined : plot.posToVal(left, 'x'),
          );
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select;
          if (selected < 6) return;
          settings.onSelect({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + selected, 'x') });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      draw: [(plot) => drawMarks(plot, settings.marks(), colors)],
    },
  };
}

/** One point alone still needs a stretch to stand in. */
function shownRange(
  wanted: ChartRange | undefined,
  min: number | null,
  max: number | null,
): [number, number] {
  const from = wanted?.min ?? min ?? 0;
  const to = wanted?.max ?? max ?? 1;
  return to > from ? [from, to] : [from - 1, from + 1];
}

function drawMarks(plot: uPlot, marks: readonly ChartMark[], colors: ChartColors): void {
  const { ctx, bbox } = plot;
  const pixels = devicePixelRatio;
  ctx.save();
  for (const { x, tone } of marks) {
    const { min, max } = plot.scales.x ?? {};
    if (min === undefined || max === undefined || x < min || x > max) continue;
    const place = Math.round(plot.valToPos(x, 'x', true));
    ctx.strokeStyle = colors[tone];
    ctx.fillStyle = colors[tone];
    ctx.lineWidth = pixels;
    ctx.setLineDash([4 * pixels, 3 * pixels]);
    ctx.beginPath();
    ctx.moveTo(place, bbox.top);
    ctx.lineTo(place, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(place - 5 * pixels, bbox.top);
    ctx.lineTo(place + 5 * pixels, bbox.top);
    ctx.lineTo(place, bbox.top + 7 * pixels);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

/** The same colour, seen through. */
function translucent(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`;
}
