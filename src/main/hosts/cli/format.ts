import { stripVTControlCharacters } from 'node:util';

/** 1234567 → "1,234,567". */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** 1234567 → "1.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 105 → "1 min 45 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Parameters: 823296 → "0.82 million". */
export function formatParameters(count: number): string {
  return count < 10_000 ? formatCount(count) : `${(count / 1e6).toPrecision(count < 1e6 ? 2 : 3)} million`;
}

/** 0.00018 → "1.8e-4"; the form in which learning rates are given. */
export function formatRate(rate: number): string {
  return rate === 0 ? '0' : rate.toExponential(1).replace('.0e', 'e');
}

export function formatLoss(loss: number | undefined | null): string {
  return loss === undefined || loss === null ? '–' : Number.isFinite(loss) ? loss.toFixed(4) : String(loss);
}

/** "1 file", "3 files". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows in columns as wide as their widest cell, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = (text: string) => stripVTControlCharacters(text).length;
  const widths = header.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const numeric = header.map(
    (_, column) =>
      rows.length > 0 &&
      rows.every((row) => /^[-–\d]/.test(row[column] ?? '') && !/[a-z]{5}|^\d{4}-/i.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
        return numeric[column] === true ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/**
 * A name or path as one word of a command line that a person may paste: quoted where a shell would see more in it than letters,
 * digits and `-_.,:/@%+=`. Windows' shells quote by double quotes, the others by single ones.
 */
export function shellWord(word: string, system: NodeJS.Platform = process.platform): string {
  if (/^[\p{L}\p{M}\p{N}_.,:/@%+=-]+$/u.test(word)) return word;
  if (system === 'win32') return /^[\p{L}\p{M}\p{N}_.,:/@+=\\-]+$/u.test(word) ? word : `"${word}"`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
