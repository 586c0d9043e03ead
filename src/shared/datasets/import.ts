import { z } from 'zod';
import { artefactNameSchema } from '../names.ts';
import { errorAccountSchema } from '../rpc.ts';
import { columnMappingSchema, columnRoles } from './columns.ts';
import { textEncodings } from './encodings.ts';
import { sourceFormats, tableDelimiters, tableQuotings } from './dataset.ts';

/** What an upload is called: the server gives it, the page hands it on. */
export const uploadIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);

/** Where files come from. A folder means the files in it and below whose endings Loam reads. */
export const importOriginSchema = z.strictObject({
  /** Paths on the machine that Loam runs on (a window, the command line). */
  paths: z.array(z.string().min(1)).default([]),
  /** Files sent to the server before (a browser). */
  uploads: z.array(uploadIdSchema).default([]),
  /** The bundled sample: `documents` are stories in plain text; the others are tables. */
  sample: z.enum(['documents', 'tickets', 'questions', 'passages']).optional(),
  /** Whether the first row of a table names its columns. Default: as each table looks. */
  headings: z.boolean().optional(),
  /** What divides the columns of tables. Default: as each table looks. */
  delimiter: z.enum(tableDelimiters).optional(),
  /** Whether values of tables are enclosed in quotes. Default: as each table looks. */
  quoting: z.enum(tableQuotings).optional(),
  /** The encoding of all these files. Default: as each looks. */
  encoding: z.enum(textEncodings).optional(),
  /** Of JSON files that are objects: the key of the list of records, or the keys to it with dots between. */
  list: z.string().min(1).max(500).optional(),
});
export type ImportOrigin = z.output<typeof importOriginSchema>;

/** Something about a file that a person should know before it is imported. */
export const importProblemSchema = z.strictObject({
  /** `refused`: the file cannot be imported. `partly`: the rest can (`leaveOutBadRecords`). `note`: it can. */
  severity: z.enum(['refused', 'partly', 'note']),
  account: errorAccountSchema,
});
export type ImportProblem = z.output<typeof importProblemSchema>;

/** A file as it would be imported, by a look at its beginning. */
export const inspectedFileSchema = z.strictObject({
  name: z.string(),
  bytes: z.int().nonnegative(),
  /** Absent where the file is refused. */
  format: z.enum(sourceFormats).optional(),
  encoding: z.string().optional(),
  /** Of a table. */
  delimiter: z.string().optional(),
  /** Of a table: whether its first row is read as the names of its columns. */
  headings: z.boolean().optional(),
  quoting: z.enum(tableQuotings).optional(),
  /** Of a JSON object: the keys that lead to the list that is read, and to each list of records in it. */
  list: z.array(z.string()).optional(),
  lists: z.array(z.array(z.string())).optional(),
  /** Columns of a table or fields of JSON objects, with the roles that Loam guesses; empty for plain text. */
  columns: z.array(z.strictObject({ name: z.string(), role: z.enum(columnRoles) })),
  /** The first records, a value for each column; of plain text the first documents, one value each. Values are cut. */
  rows: z.array(z.array(z.string())),
  /** Whether all of the file was read, or only its beginning. */
  whole: z.boolean(),
  problems: z.array(importProblemSchema),
});
export type InspectedFile = z.output<typeof inspectedFileSchema>;

export const inspectionSchema = z.strictObject({
  /** The first 200 files. */
  files: z.array(inspectedFileSchema),
  /** How many there are in all, and their size together. */
  totalFiles: z.int().nonnegative(),
  totalBytes: z.int().nonnegative(),
  /** The columns of all tables together, with the roles that Loam guesses; empty where all is plain text. */
  columns: z.array(z.strictObject({ name: z.string(), role: z.enum(columnRoles) })),
  /** The text that the first record becomes under these roles. */
  exampleText: z.string().optional(),
  /** A name for the dataset, from the file's or folder's, that is free. */
  suggestedName: z.string(),
  /** What is wrong with the choice as a whole: nothing found, a path that is not there. */
  problems: z.array(importProblemSchema),
});
export type Inspection = z.output<typeof inspectionSchema>;

export const importInputSchema = importOriginSchema.extend({
  name: artefactNameSchema,
  /**
   * `new` refuses a name in use; `replace` gives the name to the new files (runs on the old ones keep their texts);
   * `append` adds the files to the dataset of the name, whose recipe then acts on them too.
   */
  mode: z.enum(['new', 'replace', 'append']).default('new'),
  /** Leaves the files where they are, and hashes them again before each use; not for uploads. */
  keepInPlace: z.boolean().default(false),
  /** Roles of columns; becomes the first step of the recipe. Default: as guessed. */
  columns: columnMappingSchema.optional(),
  /** Imports what can be read of a file and says what could not, instead of refusing it. */
  leaveOutBadRecords: z.boolean().default(false),
  /** Files that were chosen too and are not among these, and why: the outcome names them. */
  leftOut: z
    .array(z.strictObject({ name: z.string().max(1000), reason: z.string().max(2000) }))
    .max(1000)
    .default([]),
  /** Repeats the recipe of another dataset on these files. */
  recipeOf: z.string().optional(),
});
export type ImportInput = z.output<typeof importInputSchema>;
