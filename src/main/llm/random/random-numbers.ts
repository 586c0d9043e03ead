/** A stream of numbers in [0, 1). */
export interface RandomNumbers {
  next(): number;
}

/** The finaliser of MurmurHash3 over a counter (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", §5). */
function spread(seed: number, index: number): number {
  let z = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

const rotateLeft = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/**
 * xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"), seeded by hashing a counter,
 * so that neighbouring seeds give unrelated streams. The same seed gives the same numbers on every machine.
 * @param seed a whole number from 0 to 2^32 − 1
 */
export function createRandomNumbers(seed: number): RandomNumbers {
  // Not all zero: the four are different values of a bijection.
  let [a, b, c, d] = [spread(seed, 0), spread(seed, 1), spread(seed, 2), spread(seed, 3)];
  const nextWord = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  // 53 bits, as many as a number holds between 0 and 1: 27 of one word and 26 of the next.
  return { next: () => ((nextWord() >>> 5) * 2 ** 26 + (nextWord() >>> 6)) * 2 ** -53 };
}
