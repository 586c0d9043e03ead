import { kernelModule, type Kernels } from './kernel-module.ts';

/** Which dropout mask: the same key gives the same mask on every engine and machine. All are whole numbers below 2^32. */
export interface DropoutKey {
  readonly seed: number;
  /** The optimizer step. */
  readonly step: number;
  /** Which micro-batch of the step. */
  readonly microBatch: number;
  /** Which dropout of the model. */
  readonly place: number;
}

/**
 * The definition of a dropout mask. Element e is word e mod 4 of Philox4x32-10 (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011) for the counter (⌊e/4⌋, place, microBatch, 0) under the key (seed, step);
 * it is 0 where that word is below round(probability · 2^32), else 1/(1 − probability) in float32.
 * @param mask filled whole; at most 2^34 elements
 * @param probability of a zero: 0 ≤ probability < 1
 */
export function defineDropoutMask(mask: Float32Array, key: DropoutKey, probability: number): void {
  const { threshold, scale } = keepRule(key, probability);
  for (let block = 0; 4 * block < mask.length; block++) {
    const words = philox([block, key.place, key.microBatch, 0], [key.seed, key.step]);
    for (let word = 0; word < 4 && 4 * block + word < mask.length; word++)
      mask[4 * block + word] = words[word]! < threshold ? 0 : scale;
  }
}

type Words4 = readonly [number, number, number, number];

/** Philox4x32-10: ten rounds on a counter of four 32-bit words under a key of two. */
export function philox(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const product0 = BigInt(c0) * 0xd2511f53n;
    const product1 = BigInt(c2) * 0xcd9e8d57n;
    const high0 = Number(product0 >> 32n);
    const high1 = Number(product1 >> 32n);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c1 = Number(product1 & 0xffffffffn);
    c3 = Number(product0 & 0xffffffffn);
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Elements that the kernel makes before they are copied out: 64 KiB, which stay in the cache. */
const windowElements = 16_384;
const windowAddress = 65_536;

let maker: { readonly kernels: Kernels; readonly window: Float32Array } | undefined;

/**
 * Fills a dropout mask, bit for bit as `defineDropoutMask`, by a WebAssembly SIMD kernel.
 * @throws RangeError when the key or the probability is out of range
 */
export function fillDropoutMask(mask: Float32Array, key: DropoutKey, probability: number): void {
  const { threshold, scale } = keepRule(key, probability);
  maker ??= createMaker();
  const { kernels, window } = maker;
  for (let start = 0; start < mask.length; start += windowElements) {
    const count = Math.min(windowElements, mask.length - start);
    kernels.dropoutMask(
      windowAddress,
      Math.ceil(count / 32) * 32,
      start / 4,
      key.place,
      key.microBatch,
      key.seed,
      key.step,
      threshold,
      scale,
    );
    mask.set(count === windowElements ? window : window.subarray(0, count), start);
  }
}

function createMaker(): { kernels: Kernels; window: Float32Array } {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const { exports } = new WebAssembly.Instance(kernelModule(), { env: { memory } });
  return {
    kernels: exports as unknown as Kernels,
    window: new Float32Array(memory.buffer, windowAddress, windowElements),
  };
}

function keepRule(key: DropoutKey, probability: number): { threshold: number; scale: number } {
  for (const [name, word] of Object.entries(key)) {
    if (!Number.isInteger(word) || word < 0 || word >= 2 ** 32)
      throw new RangeError(`A dropout mask's ${name} is a whole number from 0 to 2^32 − 1, not ${word}.`);
  }
  if (!(probability >= 0 && probability < 1))
    throw new RangeError(`A dropout probability is from 0 up to, not including, 1; it is ${probability}.`);
  // Capped: a probability within 2^-33 of 1 rounds to 2^32, which no word reaches.
  return {
    threshold: Math.min(Math.round(probability * 2 ** 32), 2 ** 32 - 1),
    scale: Math.fround(1 / (1 - probability)),
  };
}
