import type { ChartLine, LineColor } from '../../components/chart/chart-lines.ts';

const colors: readonly LineColor[] = [1, 2, 3, 4, 5, 6, 7, 8];
const dashes: readonly (readonly number[] | undefined)[] = [undefined, [7, 3], [2, 3], [9, 3, 2, 3]];

/** How the line of the run at a place looks: told apart by its dashes as well as by its colour. */
export function lineLook(place: number): Pick<ChartLine, 'color' | 'dash'> {
  const dash = dashes[place % dashes.length];
  return { color: colors[place % colors.length] ?? 1, ...(dash === undefined ? {} : { dash }) };
}
