/** What came of a kind of fault. */
export interface FaultFigures {
  /** What was faulty: "config.json", "moments of a checkpoint". */
  readonly what: string;
  /** How often what happened, by the names of the columns: "flips", "detected", "silent". */
  readonly counts: Readonly<Record<string, number>>;
  /** What should not have happened, each with the seed that brings it back. */
  readonly failures: readonly string[];
}

/**
 * Does so many faults of a kind and tells what came of them.
 * @param scale how many; each kind says of what.
 * @param seed decides all that is random in it.
 */
export type FaultKind = (scale: number, seed: number) => Promise<readonly FaultFigures[]>;

/** The figures as a table for a terminal, with a line for each failure below. */
export function formatFigures(figures: readonly FaultFigures[]): string {
  const columns = [...new Set(figures.flatMap(({ counts }) => Object.keys(counts)))];
  const rows = [
    ['', ...columns],
    ...figures.map(({ what, counts }) => [
      what,
      ...columns.map((column) => counts[column]?.toLocaleString('en') ?? ''),
    ]),
  ];
  const widths = ['', ...columns].map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const failures = figures.flatMap(({ what, failures: each }) =>
    each.map((failure) => `FAILED ${what}: ${failure}`),
  );
  return [...lines, ...failures].join('\n');
}
