import { z } from 'zod';
import { artefactNameSchema, contentHashSchema, momentSchema } from '../names.ts';
import { columnRoles } from './columns.ts';

/** How a source is read: plain text, or records. */
export const sourceFormats = ['text', 'csv', 'tsv', 'json', 'jsonl'] as const;
export type SourceFormat = (typeof sourceFormats)[number];

/**
 * The endings of the names of such files, which say how one is read unless its contents say otherwise, and what is taken
 * from a folder. A file that is named itself is taken whatever its ending; it is text where the ending says nothing.
 */
export const endingsOfFormats = {
  text: ['.txt', '.md', '.markdown', '.text'],
  csv: ['.csv'],
  tsv: ['.tsv', '.tab'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
} as const satisfies Readonly<Record<SourceFormat, readonly `.${string}`[]>>;

export const readableEndings: readonly string[] = sourceFormats.flatMap((format) => endingsOfFormats[format]);

/** The format of files whose names have this ending, in any case; undefined where the ending says nothing. */
export function formatOfEnding(ending: string): SourceFormat | undefined {
  const found = ending.toLowerCase();
  return sourceFormats.find((format) => endingsOfFormats[format].some((each) => each === found));
}

/** What may stand between the columns of a table. */
export const tableDelimiters = [',', ';', '\t', '|'] as const;
export type TableDelimiter = (typeof tableDelimiters)[number];

/** How the values of a table are written: some within double quotes, or each as it stands. */
export const tableQuotings = ['quotes', 'none'] as const;
export type TableQuoting = (typeof tableQuotings)[number];

/** How a file's bytes become records, as it was settled at import. */
export const sourceReadingSchema = z.strictObject({
  format: z.enum(sourceFormats),
  /**
   * The rules by which records are read; see docs/decisions/0016. Absent for what was imported before there was a second
   * version of them: it goes on being read by the first.
   */
  rules: z.literal(2).optional(),
  /** Of a table. */
  delimiter: z.string().length(1).optional(),
  /** Of a table in which a double quote is a character like any other. */
  quoting: z.literal('none').optional(),
  /** Of a table whose rows end with a carriage return alone. */
  rowEnds: z.literal('carriageReturn').optional(),
  /** Of a JSON file that is an object: the keys that lead to the list of records in it. */
  list: z.array(z.string()).min(1).optional(),
  /** Of a table whose first row is a record like the others: its columns are called by their numbers. */
  headings: z.literal(false).optional(),
  /** Columns of a table or fields of JSON objects, in the file's order; absent where records are plain texts. */
  columns: z.array(z.string()).optional(),
  /** Passes over records that cannot be read. Without it they are an error. */
  leaveOutBadRecords: z.literal(true).optional(),
});
export type SourceReading = z.output<typeof sourceReadingSchema>;

/** One file of a dataset, copied into the project under its content hash or kept where it is. */
export const datasetSourceSchema = z.strictObject({
  /** The name under which the person gave it; with `/` where a folder was given. */
  name: z.string(),
  hash: contentHashSchema,
  bytes: z.int().nonnegative(),
  encoding: z.string(),
  format: z.enum(sourceFormats),
  /** Where it lies, when it was not copied. */
  keptAt: z.string().optional(),
});

export const datasetSchema = z.strictObject({
  name: artefactNameSchema,
  /** The version: a hash over the sources and the recipe. Two datasets of the same hash hold the same text. */
  hash: contentHashSchema,
  files: z.int().positive(),
  /** Of the sources. */
  bytes: z.int().nonnegative(),
  /** After the recipe; absent until they have been counted. */
  documents: z.int().nonnegative().optional(),
  characters: z.int().nonnegative().optional(),
  words: z.int().nonnegative().optional(),
  /** Steps of the recipe. */
  steps: z.int().nonnegative(),
  createdAt: momentSchema,
  /** When its texts were deleted: it can only be looked back at. */
  textsDeletedAt: momentSchema.optional(),
});

export const datasetDetailsSchema = datasetSchema.extend({
  sources: z.array(datasetSourceSchema),
  /** The columns of its tables with their roles; empty where all is plain text. */
  columns: z.array(z.strictObject({ name: z.string(), role: z.enum(columnRoles) })),
  /** Names of the tokenizers trained on it and the runs that use it. */
  tokenizers: z.array(z.string()),
  runs: z.array(z.string()),
});

export type DatasetSource = z.output<typeof datasetSourceSchema>;
export type DatasetSummary = z.output<typeof datasetSchema>;
export type DatasetDetails = z.output<typeof datasetDetailsSchema>;

/** The datasets that something can be made from or measured on: not those whose texts were deleted. */
export function withTexts(datasets: readonly DatasetSummary[]): readonly DatasetSummary[] {
  return datasets.filter(({ textsDeletedAt }) => textsDeletedAt === undefined);
}
