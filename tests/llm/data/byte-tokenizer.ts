/** A tokenizer for tests: ids are UTF-8 bytes, 256 ends a document. */
export const byteTokenizer = {
  vocabularySize: 257,
  endOfText: 256,
  hash: 'f'.repeat(64),
  encode: (text: string): Uint32Array => Uint32Array.from(Buffer.from(text)),
  tokenBytes: (id: number): Uint8Array => (id < 256 ? Uint8Array.of(id) : new Uint8Array(0)),
};

/** Text of such ids, with "|" for the end of a document. */
export function textOf(ids: Uint32Array): string {
  return Buffer.from(ids.map((id) => (id === 256 ? '|'.charCodeAt(0) : id))).toString();
}
