import type { ChartColors } from './chart-colors.ts';
import type { ChartLine, ChartMark, ChartRange } from './chart-lines.ts';

export interface ChartPicture {
  readonly title: string;
  readonly xName: string;
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  readonly range: ChartRange | undefined;
  readonly logarithmic: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

const width = 960;
const height = 480;
const left = 76;
const right = 24;
const top = 64;
const bottom = 52;

/** The chart as a picture made of lines, with its title and its legend, for papers and slides. */
export function chartSvg(picture: ChartPicture, colors: ChartColors): string {
  const { lines, marks, range, logarithmic, formatX, formatY } = picture;
  const inRange = (x: number): boolean => range === undefined || (x >= range.min && x <= range.max);
  const shown = lines.map((line) => ({
    line,
    points: line.x.flatMap((x, index): readonly (readonly [number, number | null])[] => {
      if (!inRange(x)) return [];
      const y = line.y[index] ?? null;
      return [[x, y !== null && logarithmic && y <= 0 ? null : y]];
    }),
  }));
  const xs = shown.flatMap(({ points }) => points.map(([x]) => x));
  const ys = shown.flatMap(({ points }) => points.flatMap(([, y]) => (y === null ? [] : [y])));
  const x = scale(range ?? extent(xs), left, width - right, false);
  const y = scale(extent(ys), height - bottom, top, logarithmic);

  const text = (content: string, attributes: string): string =>
    `<text fill="${colors.text}" font-family="system-ui, sans-serif" font-size="13" ${attributes}>${escape(content)}</text>`;
  const grid = [
    ...y.ticks.map(
      (tick) =>
        `<line x1="${left}" x2="${width - right}" y1="${round(y.place(tick))}" y2="${round(y.place(tick))}" stroke="${colors.grid}"/>` +
        text(formatY(tick), `x="${left - 8}" y="${round(y.place(tick) + 4)}" text-anchor="end"`),
    ),
    ...x.ticks.map((tick) =>
      text(formatX(tick), `x="${round(x.place(tick))}" y="${height - bottom + 20}" text-anchor="middle"`),
    ),
    text(picture.xName, `x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle"`),
  ];
  const paths = shown.map(({ line, points }) => {
    const color = colors.line[line.color];
    const dash = line.dash === undefined ? '' : ` stroke-dasharray="${line.dash.join(' ')}"`;
    return `<path d="${pathOf(points, x.place, y.place)}" fill="none" stroke="${color}" stroke-width="2"${dash} stroke-linejoin="round"/>`;
  });
  const flags = marks
    .filter((mark) => inRange(mark.x))
    .map((mark) => {
      const at = round(x.place(mark.x));
      return (
        `<line x1="${at}" x2="${at}" y1="${top}" y2="${height - bottom}" stroke="${colors[mark.tone]}" stroke-dasharray="4 3"/>` +
        text(mark.label, `x="${at}" y="${top - 6}" text-anchor="middle"`)
      );
    });
  let next = left;
  const legend = lines.map((line) => {
    const at = next;
    next += 44 + line.label.length * 7.5;
    const dash = line.dash === undefined ? '' : ` stroke-dasharray="${line.dash.join(' ')}"`;
    return (
      `<line x1="${at}" x2="${at + 22}" y1="44" y2="44" stroke="${colors.line[line.color]}" stroke-width="3"${dash}/>` +
      text(line.label, `x="${at + 28}" y="48"`)
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${colors.background}"/>`,
    text(picture.title, `x="${left}" y="24" font-weight="600"`),
    ...legend,
    ...grid,
    ...paths,
    ...flags,
    '</svg>',
  ].join('\n');
}

interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

function extent(values: readonly number[]): ChartRange {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min <= max ? { min, max } : { min: 0, max: 1 };
}

function scale({ min, max }: ChartRange, from: number, to: number, logarithmic: boolean): Scale {
  const warp = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const low = warp(min);
  const high = warp(max) > low ? warp(max) : low + 1;
  return {
    place: (value) => from + ((warp(value) - low) / (high - low)) * (to - from),
    ticks: logarithmic ? evenTicks(low, high).map((power) => 10 ** power) : evenTicks(low, high),
  };
}

/** Four to nine round numbers between two. */
function evenTicks(low: number, high: number): readonly number[] {
  const rough = (high - low) / 6;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * ([1, 2, 5, 10].find((each) => each * magnitude >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: Math.min(count, 12) }, (_, index) => (first + index) * step);
}

function pathOf(
  points: readonly (readonly [number, number | null])[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let pen = 'M';
  let path = '';
  for (const [at, value] of points) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(x(at))} ${round(y(value))}`;
    pen = 'L';
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
