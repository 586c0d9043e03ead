import SqliteDatabase, { type Database } from 'better-sqlite3';
import { z } from 'zod';

/** What the store calls things. Of a store that cannot be read nothing is known. */
const sourcesSchema = z.array(
  z.object({ hash: z.string(), name: z.string(), dataset: z.string(), keptAt: z.string().nullable() }),
);
const namesSchema = z.array(z.object({ name: z.string() }));
const runsSchema = z.array(z.object({ name: z.string(), configurationJson: z.string() }));
const exportsSchema = z.array(z.object({ checkpoint: z.string(), folder: z.string() }));
const checkpointsSchema = z.array(z.object({ run: z.string(), step: z.number(), folder: z.string() }));

export interface Names {
  /** Sources that datasets need, with the names that they have there. */
  readonly sources: z.output<typeof sourcesSchema>;
  readonly tokenizers: readonly string[];
  readonly models: readonly string[];
  readonly runs: z.output<typeof runsSchema>;
  readonly checkpoints: z.output<typeof checkpointsSchema>;
  readonly exports: z.output<typeof exportsSchema>;
}

export function readNames(file: string): Names {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  } catch {
    return { sources: [], tokenizers: [], models: [], runs: [], checkpoints: [], exports: [] };
  }
  const open = database;
  const rows = (sql: string): unknown => {
    try {
      return open.prepare(sql).all();
    } catch {
      return [];
    }
  };
  const parsed = <Row>(schema: z.ZodType<Row[]>, sql: string): Row[] =>
    schema.safeParse(rows(sql)).data ?? [];
  try {
    return {
      sources: parsed(
        sourcesSchema,
        `SELECT DISTINCT sourceHash AS hash, datasetSources.name, datasets.name AS dataset, keptAt
        FROM datasetSources JOIN datasets ON datasets.id = datasetId WHERE textsDeletedAt IS NULL`,
      ),
      tokenizers: parsed(namesSchema, 'SELECT name FROM tokenizers').map(({ name }) => name),
      models: parsed(namesSchema, 'SELECT name FROM importedModels').map(({ name }) => name),
      runs: parsed(runsSchema, 'SELECT name, configurationJson FROM runs'),
      exports: parsed(exportsSchema, 'SELECT checkpoint, folder FROM exports'),
      checkpoints: parsed(
        checkpointsSchema,
        'SELECT runs.name AS run, checkpoints.step, folder FROM checkpoints JOIN runs ON runs.id = runId',
      ),
    };
  } finally {
    open.close();
  }
}
