const rounds = 6;

/**
 * A keyed hash of one 32-bit word: the finalizer of MurmurHash3 (A. Appleby, public domain) over word and key, twice,
 * so that every bit of either changes every bit of the result. Not cryptographic; meant for shuffling.
 * @returns an unsigned 32-bit integer.
 */
export function keyedHash(key: number, word: number): number {
  return finalize(finalize(word ^ 0x9e3779b9) + Math.imul(key, 0x85ebca6b));
}

function finalize(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Folds any number of words into one key. */
export function combineKeys(...words: readonly number[]): number {
  return words.reduce((key, word) => keyedHash(key, word), 0x6c6f616d);
}

/**
 * A pseudo-random permutation of 0 … size − 1 that needs no memory: a Feistel network (Luby and Rackoff 1988) over
 * the smallest square of a power of two that holds the range, walked along its cycle until it falls inside
 * (Black and Rogaway 2002, "Ciphers with arbitrary finite domains", §4). The square is less than four times the
 * range, so a lookup takes fewer than four passes on average.
 * @param size at least 1, at most 2^52.
 * @param key an unsigned 32-bit integer; another key gives another permutation.
 */
export function keyedPermutation(size: number, key: number): (index: number) => number {
  if (!Number.isSafeInteger(size) || size < 1 || size > 2 ** 52)
    throw new RangeError(`A permutation of ${size} items.`);
  let side = 2;
  while (side * side < size) side *= 2;
  const roundKeys = Array.from({ length: rounds }, (_, round) => combineKeys(key, round));

  const encipher = (index: number): number => {
    let left = Math.floor(index / side);
    let right = index % side;
    for (const roundKey of roundKeys) {
      const mixed = ((left ^ keyedHash(roundKey, right)) >>> 0) % side;
      left = right;
      right = mixed;
    }
    return left * side + right;
  };

  return (index) => {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new RangeError(`Item ${index} of ${size}.`);
    let place = encipher(index);
    while (place >= size) place = encipher(place);
    return place;
  };
}
