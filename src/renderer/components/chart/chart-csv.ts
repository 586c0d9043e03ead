import type { ChartLine } from './chart-lines.ts';

const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The lines' points as a table for other programs: a row for each place on the x axis, a column a line. */
export function chartCsv(xName: string, lines: readonly ChartLine[]): string {
  const rows = new Map<number, Map<string, number>>();
  for (const { id, x, y } of lines)
    for (const [index, at] of x.entries()) {
      const value = y[index];
      if (value === null || value === undefined) continue;
      const row = rows.get(at) ?? new Map<string, number>();
      row.set(id, value);
      rows.set(at, row);
    }
  const head = [xName, ...lines.map(({ label }) => label)].map(quote).join(',');
  const body = [...rows]
    .toSorted(([one], [other]) => one - other)
    .map(([at, row]) => [at, ...lines.map(({ id }) => row.get(id) ?? '')].join(','));
  return `${[head, ...body].join('\n')}\n`;
}
