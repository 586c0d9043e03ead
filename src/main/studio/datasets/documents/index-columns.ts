import type { Database } from 'better-sqlite3';

/** What an index knows of every document, a typed array each; a million documents take some 50 MB. */
export interface IndexColumns {
  readonly characters: Uint32Array;
  readonly words: Uint32Array;
  /** Bits of `documentBits`. */
  readonly bits: Uint8Array;
  /** Place in the index's list of languages. */
  readonly language: Uint8Array;
  /** Place in its list of labels, or −1. */
  readonly label: Int32Array;
  /** Place in its list of sources. */
  readonly source: Uint32Array;
  /** Number in the source, from 1. */
  readonly place: Uint32Array;
  /** The first document of the same text, or −1. */
  readonly duplicateOf: Int32Array;
  /** Halves of the text's hash, two a document. */
  readonly textHash: Uint32Array;
  /** Halves of the record's hash, which makes its key, two a document. */
  readonly recordHash: Uint32Array;
  /** How many documents up to this one have the same record hash, from 1. */
  readonly occurrence: Uint32Array;
  /** The first piece of the document's text; its last one is before the next document's first. */
  readonly firstPiece: Uint32Array;
}

export type ColumnName = keyof IndexColumns;

export const documentBits = { empty: 1, suspicious: 2, fields: 4 } as const;

type NumberArray = Uint8Array | Uint32Array | Int32Array;

const kinds: Readonly<
  Record<ColumnName, Uint8ArrayConstructor | Uint32ArrayConstructor | Int32ArrayConstructor>
> = {
  characters: Uint32Array,
  words: Uint32Array,
  bits: Uint8Array,
  language: Uint8Array,
  label: Int32Array,
  source: Uint32Array,
  place: Uint32Array,
  duplicateOf: Int32Array,
  textHash: Uint32Array,
  recordHash: Uint32Array,
  occurrence: Uint32Array,
  firstPiece: Uint32Array,
};

const names = Object.keys(kinds) as readonly ColumnName[];

/** Columns that grow as documents are added. */
export interface GrowingColumns {
  add(name: ColumnName, value: number): void;
  /** Writes all columns into the index's table of columns. */
  write(database: Database): void;
}

/** Bytes of one stored part of a column; SQLite keeps a value in memory while it is written. */
const partBytes = 16 * 2 ** 20;

export function createGrowingColumns(): GrowingColumns {
  const arrays = new Map<ColumnName, NumberArray>(names.map((name) => [name, new kinds[name](1024)]));
  const lengths = new Map<ColumnName, number>(names.map((name) => [name, 0]));
  return {
    add: (name, value) => {
      const length = lengths.get(name) ?? 0;
      let array = arrays.get(name) ?? new kinds[name](1024);
      if (length === array.length) {
        const larger = new kinds[name](2 * array.length);
        larger.set(array);
        arrays.set(name, larger);
        array = larger;
      }
      array[length] = value;
      lengths.set(name, length + 1);
    },
    write: (database) => {
      const insert = database.prepare('INSERT INTO columns (name, part, data) VALUES (?, ?, ?)');
      for (const [name, array] of arrays) {
        const { buffer, byteOffset, byteLength } = array.subarray(0, lengths.get(name));
        for (let part = 0, from = 0; from < byteLength || part === 0; part++, from += partBytes)
          insert.run(
            name,
            part,
            Buffer.from(buffer as ArrayBuffer, byteOffset + from, Math.min(partBytes, byteLength - from)),
          );
      }
    },
  };
}

/** Reads the columns of an index. */
export function readColumns(database: Database): IndexColumns {
  const parts = database
    .prepare<[string], Buffer>('SELECT data FROM columns WHERE name = ? ORDER BY part')
    .pluck();
  const column = <Kind extends NumberArray>(
    name: ColumnName,
    Kind: new (buffer: ArrayBuffer) => Kind,
  ): Kind => {
    const found = parts.all(name);
    const bytes = new Uint8Array(found.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of found) {
      bytes.set(part, at);
      at += part.byteLength;
    }
    return new Kind(bytes.buffer);
  };
  return {
    characters: column('characters', Uint32Array),
    words: column('words', Uint32Array),
    bits: column('bits', Uint8Array),
    language: column('language', Uint8Array),
    label: column('label', Int32Array),
    source: column('source', Uint32Array),
    place: column('place', Uint32Array),
    duplicateOf: column('duplicateOf', Int32Array),
    textHash: column('textHash', Uint32Array),
    recordHash: column('recordHash', Uint32Array),
    occurrence: column('occurrence', Uint32Array),
    firstPiece: column('firstPiece', Uint32Array),
  };
}
