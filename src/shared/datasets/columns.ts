import { z } from 'zod';

/** What a column of a table, or a field of a JSON object, is for. */
export const columnRoles = ['text', 'instruction', 'input', 'output', 'label', 'ignored'] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** The role of each column, by its name. Columns that are not named here are ignored. */
export const columnMappingSchema = z.record(z.string().min(1).max(500), z.enum(columnRoles));
export type ColumnMapping = z.output<typeof columnMappingSchema>;

/** Names that columns of each role usually have, likeliest first; compared without case and punctuation. */
const usualNames: Readonly<Record<Exclude<ColumnRole, 'ignored'>, readonly string[]>> = {
  text: [
    'text',
    'content',
    'body',
    'document',
    'message',
    'description',
    'article',
    'passage',
    'sentence',
    'comment',
    'review',
    'note',
    'abstract',
    'summary',
  ],
  instruction: ['instruction', 'question', 'prompt', 'query', 'task'],
  input: ['input', 'context'],
  output: ['output', 'answer', 'response', 'completion', 'reply', 'target'],
  label: ['label', 'category', 'class', 'topic', 'tag', 'sentiment', 'intent', 'type', 'priority'],
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/**
 * Guesses what columns are for from their names: a text column; else an instruction with its output; else the column with
 * the longest values. A label is kept where its name says so, or where a few values come again and again.
 * @param samples some values of each column, which decide where no name does.
 */
export function guessColumnMapping(
  columns: readonly string[],
  samples: Readonly<Record<string, readonly string[]>> = {},
): ColumnMapping {
  const mapping: Record<string, ColumnRole> = Object.fromEntries(columns.map((name) => [name, 'ignored']));
  const find = (role: Exclude<ColumnRole, 'ignored'>): string | undefined => {
    for (const usual of usualNames[role]) {
      const found = columns.find((name) => mapping[name] === 'ignored' && plain(name) === usual);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const give = (role: Exclude<ColumnRole, 'ignored'>): boolean => {
    const column = find(role);
    if (column !== undefined) mapping[column] = role;
    return column !== undefined;
  };
  // The field that Loam's own JSON Lines have: where it is, it is the text, whatever stands beside it.
  const exact = columns.find((name) => name === 'text');
  if (exact !== undefined) {
    mapping[exact] = 'text';
  } else if (find('instruction') !== undefined && find('output') !== undefined) {
    give('instruction');
    give('output');
    give('input');
  } else if (!give('text')) {
    const averageLength = (name: string): number => {
      const values = samples[name] ?? [];
      return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
    };
    const longest = columns.reduce<string | undefined>(
      (best, name) => (best === undefined || averageLength(name) > averageLength(best) ? name : best),
      undefined,
    );
    if (longest !== undefined) mapping[longest] = 'text';
  }
  if (!give('label')) {
    const classes = columns.find(
      (name) => mapping[name] === 'ignored' && looksLikeClasses(samples[name] ?? []),
    );
    if (classes !== undefined) mapping[classes] = 'label';
  }
  return mapping;
}

/** Whether values are of a few kinds that come again and again, as 0 and 1 or the names of categories do. */
function looksLikeClasses(values: readonly string[]): boolean {
  const kinds = new Set(values);
  return (
    values.length >= 10 &&
    kinds.size >= 2 &&
    kinds.size <= Math.min(20, values.length / 5) &&
    [...kinds].every((value) => value !== '' && value.length <= 40)
  );
}

/** Whether documents made by a mapping can have any text. */
export function givesText(mapping: ColumnMapping): boolean {
  return Object.values(mapping).some((role) => role !== 'ignored' && role !== 'label');
}

/**
 * The text that a record becomes: its text columns, each a paragraph of its own; then, where it has an instruction, an
 * input or an output, these under headings, as instruction datasets usually have them:
 *
 *     ### Instruction:
 *     …
 *
 *     ### Input:
 *     …
 *
 *     ### Response:
 *     …
 *
 * Empty columns are passed over, with their headings.
 */
export function composeText(fields: Readonly<Record<string, string>>, mapping: ColumnMapping): string {
  const of = (wanted: ColumnRole): string =>
    Object.keys(mapping)
      .filter((name) => mapping[name] === wanted && Object.hasOwn(fields, name) && fields[name] !== '')
      .map((name) => fields[name])
      .join('\n\n');
  const headed = (heading: string, text: string): string => (text === '' ? '' : `### ${heading}:\n${text}`);
  return [
    of('text'),
    headed('Instruction', of('instruction')),
    headed('Input', of('input')),
    headed('Response', of('output')),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A record's label: its label columns, joined where there are several; undefined where it has none. */
export function composeLabel(
  fields: Readonly<Record<string, string>>,
  mapping: ColumnMapping,
): string | undefined {
  const labels = Object.keys(mapping)
    .filter((name) => mapping[name] === 'label')
    .map((name) => (Object.hasOwn(fields, name) ? (fields[name] ?? '') : ''))
    .filter((value) => value !== '');
  return labels.length === 0 ? undefined : labels.join(' / ');
}
