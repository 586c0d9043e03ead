import { hash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import {
  composeLabel,
  composeText,
  roleOf,
  type ColumnMapping,
  type ColumnRole,
  type Fields,
} from '../../../../shared/datasets/columns.ts';
import { syncFolder } from '../../../llm/files/atomic-file.ts';
import { defaultPieceLength, piecesOfText, readDocuments } from '../../../llm/data/text-files.ts';
import type { BadRecord } from '../../../llm/data/record.ts';
import { readRecords, type RecordFile } from '../../../llm/data/source-records.ts';
import { removeLeftovers } from '../../../llm/files/leftovers.ts';
import { moveOwned, ownedNames, removeOwned, type OwnedRoot } from '../../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../../llm/files/unfinished-names.ts';
import { explainSystemError } from '../../system-errors.ts';
import { createHashTable } from './hash-table.ts';
import { createGrowingColumns, documentBits, type GrowingColumns } from './index-columns.ts';
import { writeIndexDigest } from './index-digest.ts';
import {
  createTextMeasurer,
  loadLanguageDetector,
  measureText,
  type LanguageDetector,
  type TextMeasures,
} from './measures.ts';

/** Counts up when the same sources and columns would give other documents or other columns of the index. */
export const indexVersion = 1;

/** What an index says of itself, as JSON under the key `index` of its table `meta`. */
export interface IndexDescription {
  readonly version: number;
  readonly documents: number;
  readonly sources: readonly string[];
  readonly languages: readonly string[];
  readonly labels: readonly string[];
  readonly mapping: ColumnMapping;
  /** Records that were left out because they could not be read: how many, and the first of them. */
  readonly leftOut: { readonly count: number; readonly first: readonly BadRecord[] };
}

export interface BuildIndexOptions {
  /** Where the index goes; it appears there whole or not at all. */
  readonly file: string;
  /** Where it lies until it is whole; default: a hidden file beside it. */
  readonly unfinished?: string;
  /** In which both are the program's own; default: the folder of the index. */
  readonly owned?: OwnedRoot;
  readonly sources: readonly RecordFile[];
  readonly mapping: ColumnMapping;
  readonly onProgress?: (progress: { readonly bytes: number; readonly documents: number }) => void;
  readonly signal?: AbortSignal;
}

/** How many of the records left out are named. */
const leftOutNamed = 20;

/** How often progress is told, in bytes. */
const progressBytes = 2 ** 20;

/**
 * Makes the index of a dataset's documents: an SQLite file with their texts, the fields of their records and what can be
 * told of each (length, language, copies). Everything in it is derived from the sources, so that it may be deleted at any
 * time and made anew.
 * @throws LoamError when a source cannot be read, or the disk refuses.
 */
export async function buildDocumentIndex(options: BuildIndexOptions): Promise<IndexDescription> {
  const { file, owned = ownedNames(dirname(file), basename(file)) } = options;
  const partial = options.unfinished ?? partialPath(file);
  let database: Database | undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    await removeLeftovers(dirname(file));
    database = new SqliteDatabase(partial);
    // Nobody else sees the file before it is whole, and one that is not is thrown away: no journal, one flush at the end.
    database.pragma('journal_mode = OFF');
    database.pragma('synchronous = OFF');
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE pieces (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      CREATE TABLE records (document INTEGER PRIMARY KEY, fields TEXT NOT NULL) STRICT;
      CREATE TABLE columns (name TEXT NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (name, part)) STRICT;
    `);
    database.exec('BEGIN');
    const description = await fill(database, options);
    database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run('index', JSON.stringify(description));
    writeIndexDigest(database);
    database.exec('COMMIT');
    database.close();
    await flush(partial);
    moveOwned(owned, partial, file);
    await syncFolder(dirname(file));
    return description;
  } catch (error) {
    database?.close();
    await removeOwned(owned, partial);
    throw explainSystemError(error, file) ?? error;
  } finally {
    finished(partial);
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function fill(
  database: Database,
  { sources, mapping, onProgress = () => undefined, signal }: BuildIndexOptions,
): Promise<IndexDescription> {
  const writer = createWriter(database, await loadLanguageDetector(), mapping);
  const first: BadRecord[] = [];
  let leftOut = 0;
  let bytes = 0;
  let told = 0;
  const reading = {
    ...(signal === undefined ? {} : { signal }),
    onBytes: (read: number): void => {
      bytes += read;
      if (bytes - told < progressBytes) return;
      told = bytes;
      onProgress({ bytes, documents: writer.documents() });
    },
  };
  for (const [index, source] of sources.entries()) {
    writer.beginSource(index);
    if (source.reading.format === 'text') {
      const { path, name, encoding } = source;
      for await (const piece of readDocuments([{ path, name, encoding, format: 'text' }], { reading }))
        writer.addPiece(piece.index + 1, piece.text, piece.continues ?? false);
      continue;
    }
    const onBad = (bad: BadRecord): void => {
      leftOut += 1;
      if (first.length < leftOutNamed) first.push(bad);
    };
    const { leaveOutBadRecords } = source.reading;
    const records = readRecords(source, { ...reading, ...(leaveOutBadRecords === true ? { onBad } : {}) });
    for await (const batch of records)
      for (const { place, content } of batch)
        if (typeof content === 'string') writer.addText(place, content);
        else writer.addRecord(place, content);
  }
  return {
    ...writer.finish(sources.map(({ name }) => name)),
    mapping,
    leftOut: { count: leftOut, first },
  };
}

interface Writer {
  documents(): number;
  beginSource(index: number): void;
  /** Adds a piece of a text document. */
  addPiece(place: number, text: string, continues: boolean): void;
  /** Adds a record that is a text. */
  addText(place: number, text: string): void;
  /** Adds a record with fields. */
  addRecord(place: number, fields: Fields): void;
  finish(
    sources: readonly string[],
  ): Pick<IndexDescription, 'version' | 'documents' | 'sources' | 'languages' | 'labels'>;
}

function createWriter(database: Database, detectLanguage: LanguageDetector, mapping: ColumnMapping): Writer {
  const insertPiece = database.prepare('INSERT INTO pieces (id, text) VALUES (?, ?)');
  const insertRecord = database.prepare('INSERT INTO records (document, fields) VALUES (?, ?)');
  const columns: GrowingColumns = createGrowingColumns();
  const languages = createList();
  const labels = createList();
  const texts = createHashTable();
  const records = createHashTable();
  const omitted = loneTextColumn(mapping);
  let documents = 0;
  let pieces = 0;
  let source = 0;
  let long: { readonly measurer: ReturnType<typeof createTextMeasurer>; readonly first: number } | undefined;

  const keepPiece = (text: string): void => {
    insertPiece.run(pieces, text);
    pieces += 1;
  };

  const add = (
    place: number,
    measures: TextMeasures,
    recordHash: readonly [number, number],
    firstPiece: number,
    details: { readonly label: string | undefined; readonly fields: boolean },
  ): void => {
    const [high, low] = measures.hash;
    const copied = measures.empty ? undefined : texts.getOrAdd(high, low, documents);
    const before = records.getOrAdd(recordHash[0], recordHash[1], 1) ?? 0;
    if (before > 0) records.set(recordHash[0], recordHash[1], before + 1);
    columns.add('characters', measures.characters);
    columns.add('words', measures.words);
    columns.add(
      'bits',
      (measures.empty ? documentBits.empty : 0) |
        (measures.suspicious ? documentBits.suspicious : 0) |
        (details.fields ? documentBits.fields : 0),
    );
    columns.add('language', languages.place(measures.language));
    columns.add('label', details.label === undefined ? -1 : labels.place(details.label));
    columns.add('source', source);
    columns.add('place', place);
    columns.add('duplicateOf', copied ?? -1);
    columns.add('textHash', high);
    columns.add('textHash', low);
    columns.add('recordHash', recordHash[0]);
    columns.add('recordHash', recordHash[1]);
    columns.add('occurrence', before + 1);
    columns.add('firstPiece', firstPiece);
    documents += 1;
  };

  const addWhole = (
    place: number,
    text: string,
    recordHash: readonly [number, number] | undefined,
    details: { readonly label: string | undefined; readonly fields: boolean },
  ): void => {
    const first = pieces;
    const parts = partsOf(text);
    for (const part of parts) keepPiece(part);
    const measures = measureText(parts, detectLanguage);
    add(place, measures, recordHash ?? measures.hash, first, details);
  };

  return {
    documents: () => documents,
    beginSource: (index) => {
      source = index;
    },
    addPiece: (place, text, continues) => {
      if (!continues && long === undefined) {
        addWhole(place, text, undefined, { label: undefined, fields: false });
        return;
      }
      long ??= { measurer: createTextMeasurer(), first: pieces };
      keepPiece(text);
      long.measurer.push(text);
      if (continues) return;
      const measures = long.measurer.finish(detectLanguage);
      add(place, measures, measures.hash, long.first, { label: undefined, fields: false });
      long = undefined;
    },
    addText: (place, text) => addWhole(place, text, undefined, { label: undefined, fields: false }),
    addRecord: (place, fields) => {
      const text = composeText(fields, mapping);
      const kept = omitted === undefined ? fields : withoutField(fields, omitted);
      insertRecord.run(documents, JSON.stringify(Object.fromEntries(kept)));
      addWhole(place, text, hashRecord(fields), { label: composeLabel(fields, mapping), fields: true });
    },
    finish: (sources) => {
      columns.add('firstPiece', pieces);
      columns.write(database);
      return {
        version: indexVersion,
        documents,
        sources,
        languages: languages.values(),
        labels: labels.values(),
      };
    },
  };
}

/** A record's text as the pieces in which it is kept; one of white space alone has none. */
function partsOf(text: string): readonly string[] {
  if (text.length <= defaultPieceLength && !text.includes('\r')) return /\S/.test(text) ? [text] : [];
  return piecesOfText(text).map((piece) => piece.text);
}

/** The first 64 bits of the SHA-256 over a record's fields that hold something, by name: their order means nothing. */
function hashRecord(fields: Fields): readonly [number, number] {
  const entries = [...fields]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const digest = hash('sha256', JSON.stringify(entries), 'buffer');
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)];
}

/** The column that alone makes the text, whose values need not be kept twice. */
export function loneTextColumn(mapping: ColumnMapping): string | undefined {
  const making = (role: ColumnRole): boolean => role !== 'ignored' && role !== 'label';
  const columns = Object.keys(mapping).filter((name) => making(roleOf(mapping, name)));
  const [only] = columns;
  return columns.length === 1 && only !== undefined && roleOf(mapping, only) === 'text' ? only : undefined;
}

function withoutField(fields: Fields, name: string): Fields {
  return new Map([...fields].filter(([each]) => each !== name));
}

/** Different values in the order in which they came. */
function createList(): { place(value: string): number; values(): readonly string[] } {
  const places = new Map<string, number>();
  return {
    place: (value) => {
      const known = places.get(value);
      if (known !== undefined) return known;
      places.set(value, places.size);
      return places.size - 1;
    },
    values: () => [...places.keys()],
  };
}
