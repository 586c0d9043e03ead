import { z } from 'zod';
import { conversationOf, renderConversation } from './record-forms.ts';

/** What a column of a table, or a field of a JSON object, is for. */
export const columnRoles = [
  'text',
  'conversation',
  'instruction',
  'input',
  'output',
  'label',
  'ignored',
] as const;
export type ColumnRole = (typeof columnRoles)[number];

/**
 * The role of each column, by its name. Columns that are not named here are ignored. Names are foreign, and may be those of
 * things that every object has ("constructor", "__proto__"): ask with `roleOf` and make with `mappingOf`.
 */
export type ColumnMapping = Readonly<Record<string, ColumnRole>>;

const columnNameSchema = z.string().min(1).max(500);
const columnRoleSchema = z.enum(columnRoles);

// Zod's own records drop a key "__proto__".
export const columnMappingSchema = z.custom<ColumnMapping>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, role]) => columnNameSchema.safeParse(name).success && columnRoleSchema.safeParse(role).success,
    ),
  `Roles of columns are an object of names and roles (${columnRoles.join(', ')}).`,
);

/** What a column is for. */
export function roleOf(mapping: ColumnMapping, name: string): ColumnRole {
  return Object.hasOwn(mapping, name) ? (mapping[name] ?? 'ignored') : 'ignored';
}

/** A mapping of the columns that are given with their roles, whatever they are called. */
export function mappingOf(roles: Iterable<readonly [string, ColumnRole]>): ColumnMapping {
  return Object.fromEntries(roles);
}

/** The values of a record by the name of its column or field, as text. */
export type Fields = ReadonlyMap<string, string>;

/** Names that columns of each role usually have, likeliest first; compared without case and punctuation. */
const usualNames: Readonly<Record<Exclude<ColumnRole, 'conversation' | 'ignored'>, readonly string[]>> = {
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
 * Guesses what columns are for from their names: a text column; else a conversation, which its values show; else an
 * instruction with its output; else the column with the longest values. A label is kept where its name says so, or where a few values come again and again.
 * @param samples some values of each column, which decide where no name does.
 */
export function guessColumnMapping(
  columns: readonly string[],
  samples: ReadonlyMap<string, readonly string[]> = new Map(),
): ColumnMapping {
  const mapping = new Map<string, ColumnRole>(columns.map((name) => [name, 'ignored']));
  const find = (role: keyof typeof usualNames): string | undefined => {
    for (const usual of usualNames[role]) {
      const found = columns.find((name) => mapping.get(name) === 'ignored' && plain(name) === usual);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const give = (role: keyof typeof usualNames): boolean => {
    const column = find(role);
    if (column !== undefined) mapping.set(column, role);
    return column !== undefined;
  };
  const conversations = conversationColumns(columns, samples);
  // The field that Loam's own JSON Lines have: where it is, it is the text, whatever stands beside it.
  const exact = columns.find((name) => name === 'text');
  if (exact !== undefined) {
    mapping.set(exact, 'text');
  } else if (conversations.length > 0) {
    for (const name of conversations) mapping.set(name, 'conversation');
  } else if (find('instruction') !== undefined && find('output') !== undefined) {
    give('instruction');
    give('output');
    give('input');
  } else if (!give('text')) {
    const averageLength = (name: string): number => {
      const values = samples.get(name) ?? [];
      return values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
    };
    const longest = columns.reduce<string | undefined>(
      (best, name) => (best === undefined || averageLength(name) > averageLength(best) ? name : best),
      undefined,
    );
    if (longest !== undefined) mapping.set(longest, 'text');
  }
  if (!give('label')) {
    const classes = columns.find(
      (name) => mapping.get(name) === 'ignored' && looksLikeClasses(samples.get(name) ?? []),
    );
    if (classes !== undefined) mapping.set(classes, 'label');
  }
  return mappingOf(mapping);
}

/** Of the answers that were compared, one is not what should be learned. */
const rejectedAnswer = /^rejected/i;

/**
 * The columns that make up a conversation, by their values: one of them, or the two halves of one ("prompt" and
 * "completion").
 */
function conversationColumns(
  columns: readonly string[],
  samples: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const found = columns.filter((name) => {
    const values = (samples.get(name) ?? []).filter((value) => value !== '');
    return (
      !rejectedAnswer.test(name) &&
      values.length > 0 &&
      values.every((value) => conversationOf(value) !== undefined)
    );
  });
  const named = found.filter((name) => /^(messages|conversations?)$/i.test(name));
  if (named.length > 0) return named.slice(0, 1);
  const halves = ['prompt', 'completion'].filter((half) => found.includes(half));
  return halves.length === 2 ? halves : found.slice(0, 1);
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
 * The text that a record becomes: its text columns, each a paragraph of its own; then its conversations, each message
 * under a heading of who speaks (`renderConversation`); then, where it has an instruction, an input or an output, these under headings, as instruction datasets usually have them:
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
export function composeText(fields: Fields, mapping: ColumnMapping): string {
  const of = (wanted: ColumnRole, form = (value: string): string => value): string =>
    Object.keys(mapping)
      .filter((name) => mapping[name] === wanted)
      .map((name) => fields.get(name) ?? '')
      .filter((value) => value !== '')
      .map(form)
      .join('\n\n');
  const headed = (heading: string, text: string): string => (text === '' ? '' : `### ${heading}:\n${text}`);
  return [
    of('text'),
    of('conversation', (value) => {
      const messages = conversationOf(value);
      return messages === undefined ? value : renderConversation(messages);
    }),
    headed('Instruction', of('instruction')),
    headed('Input', of('input')),
    headed('Response', of('output')),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A record's label: its label columns, joined where there are several; undefined where it has none. */
export function composeLabel(fields: Fields, mapping: ColumnMapping): string | undefined {
  const labels = Object.keys(mapping)
    .filter((name) => mapping[name] === 'label')
    .map((name) => fields.get(name) ?? '')
    .filter((value) => value !== '');
  return labels.length === 0 ? undefined : labels.join(' / ');
}
