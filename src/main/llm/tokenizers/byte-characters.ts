/**
 * Byte-level tokenizers write each byte as one printable character, so that vocabularies and merges are plain text:
 * bytes that print in Latin-1 stand for themselves, the others get the characters from U+0100 on, in byte order
 * (GPT-2's `bytes_to_unicode`, github.com/openai/gpt-2, src/encoder.py).
 */
function isPrintableLatin1(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

const characterOfByte: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintableLatin1(byte) ? byte : next++),
  );
})();

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  characterOfByte.map((character, byte) => [character, byte]),
);

/** The 256 bytes in the order of their characters' code points, as the initial alphabet of a vocabulary has them. */
export const bytesInAlphabetOrder: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).sort(
  (a, b) => characterOfByte[a]!.charCodeAt(0) - characterOfByte[b]!.charCodeAt(0),
);

/** Bytes → the text that stands for them in vocab and merges: " a" (0x20 0x61) → "Ġa". */
export function bytesToCharacters(bytes: Iterable<number>): string {
  let characters = '';
  for (const byte of bytes) characters += characterOfByte[byte]!;
  return characters;
}

const utf8 = new TextEncoder();

/**
 * The bytes that a vocabulary entry stands for. An entry with a character outside the byte alphabet (an added token)
 * stands for its own UTF-8 bytes, as in the ByteLevel decoder of `tokenizers`.
 */
export function charactersToBytes(characters: string): Uint8Array {
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index++) {
    const byte = byteOfCharacter.get(characters[index]!);
    if (byte === undefined) return utf8.encode(characters);
    bytes[index] = byte;
  }
  return bytes;
}
