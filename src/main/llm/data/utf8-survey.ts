/** What a scan of bytes as UTF-8 found. */
export interface Utf8Survey {
  /** Offset of the first byte that begins no well-formed sequence, or undefined. */
  readonly firstInvalid: number | undefined;
  /** Ill-formed sequences. */
  readonly invalid: number;
  /** Well-formed sequences of two to four bytes. */
  readonly multibyte: number;
}

export interface Utf8Surveyor {
  push(bytes: Uint8Array): void;
  /** The result, once all bytes have been given. */
  finish(): Utf8Survey;
}

/**
 * Scans bytes for well-formed UTF-8 (The Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above
 * U+10FFFF), in pieces that may end inside a character.
 */
export function createUtf8Surveyor(): Utf8Surveyor {
  let offset = 0;
  let firstInvalid: number | undefined;
  let invalid = 0;
  let multibyte = 0;
  let sequenceStart = 0;
  let missing = 0; // continuation bytes still to come
  let lowest = 0x80; // range of the next one
  let highest = 0xbf;

  const reject = (at: number): void => {
    firstInvalid ??= at;
    invalid += 1;
    missing = 0;
  };

  const begin = (byte: number, at: number): void => {
    sequenceStart = at;
    lowest = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    highest = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    if (byte < 0x80) missing = 0;
    else if (byte >= 0xc2 && byte <= 0xdf) missing = 1;
    else if (byte >= 0xe0 && byte <= 0xef) missing = 2;
    else if (byte >= 0xf0 && byte <= 0xf4) missing = 3;
    else reject(at);
  };

  return {
    push(bytes) {
      for (let place = 0; place < bytes.length; place++) {
        const byte = bytes[place]!;
        if (missing === 0) {
          if (byte >= 0x80) begin(byte, offset + place);
        } else if (byte >= lowest && byte <= highest) {
          missing -= 1;
          lowest = 0x80;
          highest = 0xbf;
          if (missing === 0) multibyte += 1;
        } else {
          reject(sequenceStart);
          begin(byte, offset + place);
        }
      }
      offset += bytes.length;
    },
    finish() {
      if (missing > 0) reject(sequenceStart);
      return { firstInvalid, invalid, multibyte };
    },
  };
}
