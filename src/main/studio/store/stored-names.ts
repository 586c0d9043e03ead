import { isAbsolute } from 'node:path';
import { sql } from 'kysely';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { artefactNameSchema, contentHashSchema } from '../../../shared/names.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

/**
 * What stands in a store and becomes a path or part of one. A store may come from anybody, so these are input like any
 * other: they are parsed once, when the store is opened, and everybody who reads them later may rely on their form.
 */

/** Where a checkpoint lies: in its run's folder. */
const checkpointFolderSchema = z.string().refine((path) => {
  const [runs, run, checkpoints, step, ...below] = path.split('/');
  return (
    runs === 'runs' &&
    artefactNameSchema.safeParse(run).success &&
    checkpoints === 'checkpoints' &&
    /^step-\d{8,}$/.test(step ?? '') &&
    below.length === 0
  );
}, 'A checkpoint lies in runs/NAME/checkpoints.');

/** Where a person had something written or measured: anywhere, but never anything but a path. */
const anyFolderSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'A path has no null character.');

/** Where a file that was left in place lies. Such files are only ever read. */
const wholePathSchema = anyFolderSchema.refine(
  (path) => isAbsolute(path) || /^([A-Za-z]:[\\/]|\\\\)/.test(path) || path.startsWith('/'),
  'A file that was left in place has a whole path.',
);

/** A session is part of its lock file's name. */
const sessionSchema = z
  .string()
  .regex(/^[\w-]{1,80}$/, 'A session has a name of letters, digits and dashes.');

type StoredColumn<Table extends keyof Tables = keyof Tables> = Table extends keyof Tables
  ? readonly [table: Table, column: keyof Tables[Table] & string, schema: z.ZodType<string>]
  : never;

const columns: readonly StoredColumn[] = [
  ['sources', 'hash', contentHashSchema],
  ['datasets', 'name', artefactNameSchema],
  ['datasets', 'hash', contentHashSchema],
  ['datasetSources', 'sourceHash', contentHashSchema],
  ['datasetSources', 'keptAt', wholePathSchema],
  ['tokenizers', 'name', artefactNameSchema],
  ['tokenSets', 'hash', contentHashSchema],
  ['tokenSetUses', 'hash', contentHashSchema],
  ['runs', 'name', artefactNameSchema],
  ['runs', 'tokenizerName', artefactNameSchema],
  ['runs', 'tokensHash', contentHashSchema],
  ['checkpoints', 'folder', checkpointFolderSchema],
  ['importedModels', 'name', artefactNameSchema],
  ['evaluations', 'folder', anyFolderSchema],
  ['exports', 'folder', anyFolderSchema],
  ['jobs', 'session', sessionSchema],
  ['chatReplies', 'session', sessionSchema],
];

/**
 * Parses every name, hash and path of a store.
 * @throws LoamError that says which one cannot be
 */
export function requireParsedNames(store: Store): void {
  for (const [table, column, schema] of columns) {
    const values = sql<{
      value: unknown;
    }>`(SELECT DISTINCT ${sql.ref(column)} AS value FROM ${sql.table(table)}
      WHERE ${sql.ref(column)} IS NOT NULL)`.as('stored');
    const rows = store.all(store.query.selectFrom(values).select('stored.value'));
    for (const { value } of rows) {
      const parsed = schema.safeParse(value);
      if (!parsed.success) throw unfitValue(store.file, table, column, value, parsed.error);
    }
  }
}

function unfitValue(
  file: string,
  table: string,
  column: string,
  value: unknown,
  error: z.ZodError,
): LoamError {
  const shown = JSON.stringify(String(value).slice(0, 80));
  return new LoamError({
    kind: 'input',
    where: file,
    what: `The store says ${shown} under ${table}.${column}, which Loam never writes there: ${error.issues[0]?.message ?? 'it does not fit.'}`,
    remedy:
      'The project was made or changed by something else than Loam. Nothing in it was touched; ask whoever gave it to you.',
  });
}
