import { z } from 'zod';
import { columnRoles } from './columns.ts';
import { documentKeySchema } from './recipe.ts';

/** Fewer documents than this are too few to keep whole ones aside: `auto` then splits by position. */
export const documentsForSplit = 20;

/** Things about a document worth a look. */
export const documentFlags = ['duplicate', 'empty', 'suspicious'] as const;
export type DocumentFlag = (typeof documentFlags)[number];

/** What the recipe made of a document. */
export const documentStates = ['included', 'edited', 'excluded'] as const;
export type DocumentState = (typeof documentStates)[number];

/** The language of documents too short, or too mixed, to tell. */
export const unknownLanguage = 'und';

/** A document as a row of a table. */
export const documentRowSchema = z.strictObject({
  /** Its place among all documents of the sources, from 0. */
  id: z.int().nonnegative(),
  key: documentKeySchema,
  /** The file that it comes from. */
  source: z.string(),
  /** The line (JSON Lines), the record (tables, JSON) or the document of the file, from 1. */
  place: z.int().positive(),
  /** The beginning of its text, in one line; in a search the words around the first place that was found. */
  preview: z.string(),
  /** Of the text after the recipe: UTF-16 units, and stretches between blanks. */
  characters: z.int().nonnegative(),
  words: z.int().nonnegative(),
  /** ISO 639-1, or `und`. */
  language: z.string(),
  label: z.string().optional(),
  flags: z.array(z.enum(documentFlags)),
  state: z.enum(documentStates),
  /** The step, from 0, that left it out. */
  excludedBy: z.int().nonnegative().optional(),
});
export type DocumentRow = z.output<typeof documentRowSchema>;

export const documentSortKeys = ['position', 'characters', 'words', 'source', 'language', 'label'] as const;

/** Which documents to show, and in what order. */
export const documentQuerySchema = z.strictObject({
  /** A stretch of text, whatever its case. */
  search: z.string().max(1000).optional(),
  states: z.array(z.enum(documentStates)).min(1).optional(),
  /** Documents with any of these. */
  flags: z.array(z.enum(documentFlags)).min(1).optional(),
  languages: z.array(z.string()).min(1).optional(),
  /** An empty string stands for documents without a label. */
  labels: z.array(z.string()).min(1).optional(),
  sources: z.array(z.string()).min(1).optional(),
  minimumCharacters: z.int().nonnegative().optional(),
  maximumCharacters: z.int().nonnegative().optional(),
  /** Documents that this step of the recipe, from 0, left out. */
  excludedBy: z.int().nonnegative().optional(),
  sort: z
    .strictObject({ by: z.enum(documentSortKeys), descending: z.boolean().default(false) })
    .default({ by: 'position', descending: false }),
});
export type DocumentQuery = z.output<typeof documentQuerySchema>;

/** The most rows that are fetched at once. */
export const longestWindow = 500;

export const documentWindowSchema = z.strictObject({
  /** The version of the dataset that the rows belong to. */
  version: z.string(),
  /** Documents that fit the query. */
  total: z.int().nonnegative(),
  /** All documents of the sources. */
  documents: z.int().nonnegative(),
  rows: z.array(documentRowSchema),
});
export type DocumentWindow = z.output<typeof documentWindowSchema>;

/** The most text of one document that is shown, in UTF-16 units. */
export const longestShownText = 500_000;

/** One document, whole. */
export const documentDetailsSchema = documentRowSchema.extend({
  version: z.string(),
  /** After the recipe; the beginning of it where it is very long. */
  text: z.string(),
  /** Where the recipe changed it: the text that the sources give. */
  originalText: z.string().optional(),
  /** Where a person edited it: the text that the other steps would give. */
  textWithoutEdit: z.string().optional(),
  /** Whether `text` is only the beginning; such a document cannot be edited. */
  shortened: z.boolean(),
  /** The fields of its record, where it comes from a table. */
  fields: z.array(z.strictObject({ name: z.string(), value: z.string(), role: z.enum(columnRoles) })),
  /** The first document of the same text. */
  duplicateOf: documentKeySchema.optional(),
  /** What looks wrong in it, in words. */
  suspicion: z.string().optional(),
});
export type DocumentDetails = z.output<typeof documentDetailsSchema>;
