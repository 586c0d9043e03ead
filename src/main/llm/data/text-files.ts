import { extname } from 'node:path';
import { formatOfEnding } from '../../../shared/datasets/dataset.ts';
import { createDocumentCutter, type DocumentPiece } from './document-cutter.ts';
import type { EncodingName } from './encoding-detection.ts';
import { inspectTextFile } from './file-inspection.ts';
import { recordsOfJsonLines, textOfRecord } from './json-lines.ts';
import { badRecordError, type BadRecord } from './record.ts';
import { decodeFile, type ReadingOptions } from './text-decoding.ts';
import { withUnixLineEnds } from './text-streams.ts';

export { inspectTextFile } from './file-inspection.ts';

/** A file to read. */
export interface TextFile {
  readonly path: string;
  /** What the person called it; errors name it so. */
  readonly name: string;
  /** From an earlier inspection. Without it the file is inspected first, which reads it twice. */
  readonly encoding?: EncodingName;
  /** Default: as its extension says. */
  readonly format?: 'text' | 'jsonl';
}

/** A document, or a piece of a long one. */
export interface TextDocument {
  readonly text: string;
  /** Name of the file it comes from. */
  readonly source: string;
  /** Number of the document, from 0 over all files. */
  readonly index: number;
  /** What it is labelled with, where it is. */
  readonly label?: string;
  /** The conversation that its record is, where it was asked for and is one. */
  readonly conversation?: readonly { readonly role: string; readonly content: string }[];
  /** The fields of its record by their columns, where they were asked for; a column that alone makes its text is not among them. */
  readonly fields?: ReadonlyMap<string, string>;
  /** Whether the next item goes on with the same document. Pieces joined are the document. */
  readonly continues?: boolean;
}

export interface ReadDocumentsOptions {
  /**
   * What separates documents within a text file: a form feed wherever it stands, any other string alone on a line.
   * Default: form feed and <|endoftext|>.
   */
  readonly separators?: readonly string[];
  /** Longer documents come in pieces of about this many UTF-16 units. Default: 2^18. */
  readonly pieceLength?: number;
  /** How the reading is followed and stopped. */
  readonly reading?: ReadingOptions;
}

const defaultSeparators = ['\f', '<|endoftext|>'];
/** UTF-16 units of a piece of a long document, about. */
export const defaultPieceLength = 2 ** 18;

/**
 * Reads files as documents, in the order given, a piece at a time. A `.jsonl` or `.ndjson` file has a document a line;
 * any other file is one document, or several when it holds separators. Line ends become "\n", a byte order mark is
 * dropped, documents of nothing but white space are left out; else the text stays as it is.
 * @throws LoamError for a file that is empty, binary or cannot be decoded (byte offset), or a bad line (its number).
 */
export async function* readDocuments(
  files: readonly TextFile[],
  options: ReadDocumentsOptions = {},
): AsyncGenerator<TextDocument> {
  let index = 0;
  for (const file of files) {
    for await (const { text, continues } of piecesOf(file, options)) {
      yield { text, source: file.name, index, continues };
      if (!continues) index += 1;
    }
  }
}

async function* piecesOf(
  { path, name, encoding, format = isJsonLines(name) ? 'jsonl' : 'text' }: TextFile,
  options: ReadDocumentsOptions,
): AsyncGenerator<DocumentPiece> {
  const { separators = defaultSeparators, pieceLength = defaultPieceLength } = options;
  const known = encoding ?? (await inspectTextFile(path, name)).encoding;
  const text = withUnixLineEnds(decodeFile(path, name, known, options.reading));
  if (format === 'jsonl') {
    for await (const record of recordsOfJsonLines(text, name, refuse))
      yield* piecesOfText(textOfRecord(record, name), pieceLength);
  } else {
    const cutter = createDocumentCutter({ separators, pieceLength });
    for await (const piece of text) yield* cutter.push(piece);
    yield* cutter.finish();
  }
}

/**
 * A whole document as it is read from a record: line ends become "\n", a long one comes in pieces, one of nothing but
 * white space in none. Separators mean nothing here: a record is a document.
 */
export function piecesOfText(text: string, pieceLength = defaultPieceLength): DocumentPiece[] {
  const cutter = createDocumentCutter({ separators: [], pieceLength });
  return [...cutter.push(text.replaceAll(/\r\n?/g, '\n')), ...cutter.finish()];
}

function refuse(bad: BadRecord): never {
  throw badRecordError(bad);
}

function isJsonLines(name: string): boolean {
  return formatOfEnding(extname(name)) === 'jsonl';
}
