import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LoamError } from '../../../../shared/errors.ts';
import type { Fields } from '../../../../shared/datasets/columns.ts';
import { removeOwnedSync } from '../../../llm/files/owned-files.ts';
import { ownFilesIn } from '../../projects/own-files.ts';
import { indexVersion, type IndexDescription } from './build-index.ts';
import { readColumns, type IndexColumns } from './index-columns.ts';

/** The index of a dataset's documents, open for reading. */
export interface DocumentIndex {
  readonly description: IndexDescription;
  readonly columns: IndexColumns;
  /** The text that the sources give a document, or the beginning of it. @param longest in UTF-16 units. */
  text(document: number, longest?: number): string;
  /** The fields of a document's record, but for a column that alone makes its text; none for plain text. */
  fields(document: number): Fields;
  /** The pieces of a document's text. */
  pieces(document: number): Generator<string>;
  /** Passes over all texts in order, piece by piece, and lets others have their turn in between. */
  scan(visit: (document: number, piece: string) => void, signal?: AbortSignal): Promise<void>;
  key(document: number): string;
  /** The document of a key, or undefined. */
  find(key: string): number | undefined;
  close(): void;
}

/** Pieces read in one go when all are passed over. */
const piecesAtOnce = 1000;

/**
 * Opens an index.
 * @throws LoamError when it is damaged or of another version of Loam; it is deleted then, since it can be made anew.
 */
export function openDocumentIndex(file: string): DocumentIndex {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    const stored = database.prepare<[], string>("SELECT value FROM meta WHERE key = 'index'").pluck().get();
    const description = JSON.parse(stored ?? '{}') as IndexDescription;
    if (description.version !== indexVersion) throw new Error('another version');
    return wrap(database, description);
  } catch (error) {
    database?.close();
    removeOwnedSync(ownFilesIn('documents', dirname(file)), file);
    throw new LoamError(
      {
        kind: 'environment',
        where: file,
        what: 'The index of the documents was damaged. It has been removed.',
        remedy: 'Do the same again: Loam makes a new one from the sources, which are not affected.',
      },
      { cause: error },
    );
  }
}

function wrap(database: Database, description: IndexDescription): DocumentIndex {
  const columns = readColumns(database);
  const pieceText = database.prepare<[number], string>('SELECT text FROM pieces WHERE id = ?').pluck();
  const pieceTexts = database
    .prepare<[number, number], string>('SELECT text FROM pieces WHERE id >= ? AND id < ? ORDER BY id')
    .pluck();
  const recordFields = database
    .prepare<[number], string>('SELECT fields FROM records WHERE document = ?')
    .pluck();
  const firstPiece = (document: number): number => columns.firstPiece[document] ?? 0;

  function* pieces(document: number): Generator<string> {
    for (let piece = firstPiece(document); piece < firstPiece(document + 1); piece++)
      yield pieceText.get(piece) ?? '';
  }

  return {
    description,
    columns,
    pieces,
    text: (document, longest = Infinity) => {
      let text = '';
      for (const piece of pieces(document)) {
        text += piece;
        if (text.length >= longest) return text.slice(0, longest);
      }
      return text;
    },
    fields: (document) =>
      new Map(Object.entries(JSON.parse(recordFields.get(document) ?? '{}') as Record<string, string>)),
    scan: async (visit, signal) => {
      let document = 0;
      const all = firstPiece(description.documents);
      for (let from = 0; from < all; from += piecesAtOnce) {
        for (const [index, text] of pieceTexts.all(from, from + piecesAtOnce).entries()) {
          while (from + index >= firstPiece(document + 1)) document += 1;
          visit(document, text);
        }
        await nextTurn();
        signal?.throwIfAborted();
      }
    },
    key: (document) => {
      const half = (place: number): string =>
        (columns.recordHash[2 * document + place] ?? 0).toString(16).padStart(8, '0');
      const occurrence = columns.occurrence[document] ?? 1;
      return `${half(0)}${half(1)}${occurrence > 1 ? `~${occurrence}` : ''}`;
    },
    find: (key) => {
      const [hash = '', occurrence = '1'] = key.split('~');
      const high = Number.parseInt(hash.slice(0, 8), 16);
      const low = Number.parseInt(hash.slice(8), 16);
      const wanted = Number(occurrence);
      const { recordHash } = columns;
      for (let document = 0; document < description.documents; document++)
        if (
          recordHash[2 * document] === high &&
          recordHash[2 * document + 1] === low &&
          columns.occurrence[document] === wanted
        )
          return document;
      return undefined;
    },
    close: () => void database.close(),
  };
}
