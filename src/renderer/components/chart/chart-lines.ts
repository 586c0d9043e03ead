import uPlot from 'uplot';

/** The colours that tell lines apart: those of the theme, by number. */
export type LineColor = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A line of a chart. Its points stand in the order of x; null is a hole. */
export interface ChartLine {
  readonly id: string;
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** The least and the greatest value around each point, drawn as a pale band. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  readonly color: LineColor;
  /** Lengths of dashes and gaps: lines are told apart without their colour too. */
  readonly dash?: readonly number[];
  /** Marks each point, for lines of few. */
  readonly points?: boolean;
}

/** A place on the x axis with something to say about it. */
export interface ChartMark {
  readonly x: number;
  readonly label: string;
  readonly tone: 'warning' | 'danger' | 'info';
}

/** A stretch of the x axis. */
export interface ChartRange {
  readonly min: number;
  readonly max: number;
}

/** Which column of the aligned data is what. */
export interface LinePlace {
  readonly line: ChartLine;
  readonly y: number;
  readonly band?: { readonly low: number; readonly high: number };
}

/** Where each line's values stand in what `alignLines` gives. */
export function placeLines(lines: readonly ChartLine[]): readonly LinePlace[] {
  let next = 1;
  return lines.map((line) => {
    if (line.band === undefined) return { line, y: next++ };
    const band = { low: next++, high: next++ };
    return { line, band, y: next++ };
  });
}

/** The lines over one x axis. A value that a line does not have there is undefined and drawn over; null stays a hole. */
export function alignLines(lines: readonly ChartLine[], positiveOnly: boolean): uPlot.AlignedData {
  const shown = (values: readonly (number | null)[]): (number | null)[] =>
    positiveOnly ? values.map((value) => (value !== null && value > 0 ? value : null)) : [...values];
  const tables = lines.map(({ x, y, band }): uPlot.AlignedData => [
    [...x],
    ...(band === undefined ? [] : [shown(band.low), shown(band.high)]),
    shown(y),
  ]);
  if (tables.length === 0) return [[]];
  const first = lines[0];
  if (lines.every(({ x }) => x === first?.x))
    return [tables[0]?.[0] ?? [], ...tables.flatMap(([, ...rest]) => rest)];
  return uPlot.join(tables);
}

/** The place of the value nearest to `wanted` in a list that only grows; -1 where the list is empty. */
export function nearestPlace(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const before = values[low - 1];
  const here = values[low];
  if (before === undefined || here === undefined) return here === undefined ? -1 : low;
  return wanted - before < here - wanted ? low - 1 : low;
}

/** A line's value nearest to a place, unless the line ends far from it. */
export function valueNear(
  line: ChartLine,
  x: number,
  reach: number,
): { readonly x: number; readonly y: number | null } | undefined {
  const place = nearestPlace(line.x, x);
  const at = line.x[place];
  if (at === undefined || Math.abs(at - x) > reach) return undefined;
  return { x: at, y: line.y[place] ?? null };
}
