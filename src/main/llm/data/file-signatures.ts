interface Signature {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly remedy: string;
}

const saveAsText = 'Save it as plain text (UTF-8) and import that.';
const unpack = 'Unpack it and import the files inside.';

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/** First bytes of formats that people take for text, or drop by mistake. */
const signatures: readonly Signature[] = [
  { name: 'a PDF document', bytes: ascii('%PDF-'), remedy: saveAsText },
  {
    name: 'a Word, Excel, OpenDocument, EPUB or ZIP file',
    bytes: [0x50, 0x4b, 0x03, 0x04],
    remedy: `If it is a document: ${saveAsText.toLowerCase()} If it is an archive: ${unpack.toLowerCase()}`,
  },
  {
    name: 'an old Word or Excel file',
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    remedy: saveAsText,
  },
  { name: 'a Rich Text (RTF) document', bytes: ascii('{\\rtf'), remedy: saveAsText },
  { name: 'a gzip archive', bytes: [0x1f, 0x8b], remedy: unpack },
  { name: 'a 7-Zip archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], remedy: unpack },
  { name: 'an xz archive', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], remedy: unpack },
  { name: 'a Zstandard archive', bytes: [0x28, 0xb5, 0x2f, 0xfd], remedy: unpack },
  {
    name: 'an SQLite database',
    bytes: ascii('SQLite format 3\0'),
    remedy: 'Export the texts from it and import those.',
  },
  {
    name: 'a Parquet table',
    bytes: ascii('PAR1'),
    remedy: 'Export its text column as JSON Lines and import that.',
  },
  { name: 'a PNG picture', bytes: [0x89, 0x50, 0x4e, 0x47], remedy: 'Import files that hold text.' },
  { name: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff], remedy: 'Import files that hold text.' },
];

/** The format that a file's first bytes name, when it is one that holds no plain text. */
export function signatureOf(
  head: Uint8Array,
): { readonly name: string; readonly remedy: string } | undefined {
  return signatures.find(({ bytes }) => bytes.every((byte, place) => head[place] === byte));
}
