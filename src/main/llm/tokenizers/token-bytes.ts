/** The bytes of every token of a vocabulary, by id, in one array. */
export class TokenBytes {
  private readonly bytes: Uint8Array;
  private readonly offsets: Int32Array;

  /** Ids that the vocabulary leaves out, and special tokens, are given as no bytes. */
  constructor(tokens: readonly Uint8Array[]) {
    this.offsets = new Int32Array(tokens.length + 1);
    tokens.forEach((bytes, id) => {
      this.offsets[id + 1] = this.offsets[id]! + bytes.length;
    });
    this.bytes = new Uint8Array(this.offsets[tokens.length]!);
    tokens.forEach((bytes, id) => this.bytes.set(bytes, this.offsets[id]));
  }

  /** A view of one token's bytes; empty for an id outside the vocabulary. */
  of(id: number): Uint8Array {
    return this.bytes.subarray(this.offsets[id] ?? 0, this.offsets[id + 1] ?? this.offsets[id] ?? 0);
  }

  /** The text of the bytes of some ids, one after the other, with U+FFFD for what is no valid UTF-8. */
  decode(ids: ArrayLike<number>): string {
    let length = 0;
    for (let index = 0; index < ids.length; index++) length += this.of(ids[index]!).length;
    const joined = new Uint8Array(length);
    let offset = 0;
    for (let index = 0; index < ids.length; index++) {
      const bytes = this.of(ids[index]!);
      joined.set(bytes, offset);
      offset += bytes.length;
    }
    return utf8Decoder.decode(joined);
  }
}

/** A byte-order mark is text like any other: `ignoreBOM` keeps it. */
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes as a person reads them: their text, or `<0xE2>` for each byte when they are no valid UTF-8 by themselves. */
export function displayBytes(bytes: Uint8Array): string {
  try {
    return strictUtf8Decoder.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
  }
}
