/**
 * Numbers words (spans of bytes) in the order in which they are first met: 0, 1, 2, …
 *
 * A hash table with open addressing over typed arrays. A Map of strings would need about five times the memory, and
 * its strings would keep the texts alive that they were cut from.
 */
export class WordTable {
  /** Slot → word + 1; 0 is an empty slot. The number of slots is a power of two. */
  private slots: Int32Array;
  private hashes: Int32Array;
  /** Word w has the bytes offsets[w] … offsets[w + 1]. */
  private offsets: Int32Array;
  private bytes: Uint8Array;
  private words = 0;

  constructor(words = 1024) {
    const capacity = Math.max(16, words);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    this.hashes = new Int32Array(capacity);
    this.offsets = new Int32Array(capacity + 1);
    this.bytes = new Uint8Array(capacity * 8);
  }

  /** Number of words. */
  get size(): number {
    return this.words;
  }

  /** Bytes of all words together. */
  get byteLength(): number {
    return this.offsets[this.words]!;
  }

  /** The bytes of a word: a view, valid until the next word is added. */
  wordBytes(word: number): Uint8Array {
    return this.bytes.subarray(this.offsets[word], this.offsets[word + 1]);
  }

  /** Number of the word utf8[start … end], or −1 when it is new. */
  find(utf8: Uint8Array, start: number, end: number): number {
    const hash = hashOf(utf8, start, end);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = this.slots[slot]! - 1;
      if (word < 0 || (this.hashes[word] === hash && this.equals(word, utf8, start, end))) return word;
    }
  }

  /** Adds a word that `find` did not find, and gives its number. */
  add(utf8: Uint8Array, start: number, end: number): number {
    const word = this.words;
    if (word === this.hashes.length) this.growWords();
    const offset = this.offsets[word]!;
    const endOffset = offset + end - start;
    if (endOffset > this.bytes.length) {
      const grown = new Uint8Array(Math.max(endOffset, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(utf8.subarray(start, end), offset);
    this.offsets[word + 1] = endOffset;
    this.hashes[word] = hashOf(utf8, start, end);
    this.words++;
    this.insert(word);
    return word;
  }

  /** Forgets all words and keeps the memory. */
  clear(): void {
    this.words = 0;
    this.slots.fill(0);
  }

  private equals(word: number, utf8: Uint8Array, start: number, end: number): boolean {
    const offset = this.offsets[word]!;
    const length = end - start;
    if (this.offsets[word + 1]! - offset !== length) return false;
    for (let index = 0; index < length; index++) {
      if (this.bytes[offset + index] !== utf8[start + index]) return false;
    }
    return true;
  }

  private insert(word: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[word]! & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = word + 1;
  }

  private growWords(): void {
    const capacity = this.hashes.length * 2;
    const hashes = new Int32Array(capacity);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const offsets = new Int32Array(capacity + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    for (let word = 0; word < this.words; word++) this.insert(word);
  }
}

/** FNV-1a over 32 bits with a final mix (the low bits pick the slot). */
function hashOf(utf8: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ utf8[index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
