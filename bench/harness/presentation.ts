/** What a benchmark has to show, for the terminal and for RESULTS.md alike. */
export interface Presentation {
  readonly title: string;
  readonly tables: readonly Table[];
  /** Sentences: how it was measured, what to keep in mind. */
  readonly notes: readonly string[];
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A presentation as text for a terminal: columns aligned, all but the first to the right. */
export function asText({ title, tables, notes }: Presentation): string {
  const blocks = tables.map(({ caption, head, rows }) => {
    const lines = [head, ...rows];
    const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
    const write = (line: readonly string[]): string =>
      widths
        .map((width, column) => {
          const cell = line[column] ?? '';
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd();
    const rule = widths.map((width) => '─'.repeat(width)).join('──');
    return [caption, write(head), rule, ...rows.map(write)].join('\n');
  });
  return [`${title}\n${'═'.repeat(title.length)}`, ...blocks, ...notes.map((note) => `· ${note}`)].join(
    '\n\n',
  );
}

/** A presentation as Markdown. */
export function asMarkdown({ title, tables, notes }: Presentation): string {
  const escape = (cell: string): string => cell.replaceAll('|', String.raw`\|`);
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  const blocks = tables.map(({ caption, head, rows }) =>
    [
      `**${caption}**`,
      '',
      line(head),
      line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
      ...rows.map(line),
    ].join('\n'),
  );
  const list = notes.map((note) => `- ${note}`).join('\n');
  return [`### ${title}`, ...blocks, ...(list === '' ? [] : [list])].join('\n\n');
}

/** A number with as many digits as say something: about three. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A ratio, with two digits. */
export function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–';
}

export function percent(value: number): string {
  return Number.isFinite(value) ? `${Math.round(100 * value)} %` : '–';
}

/** Whether a ratio reaches what was asked for: "≤ 0.80: met". */
export function verdict(value: number, target: number): string {
  if (!Number.isFinite(value)) return 'not measured';
  return value <= target ? 'met' : 'missed';
}
