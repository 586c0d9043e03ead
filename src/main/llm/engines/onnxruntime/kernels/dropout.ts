// Dropout masks from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), four blocks
// of the counter at once. AssemblyScript: compiled by scripts/build-kernels.ts. Its definition in plain TypeScript is
// fillDropoutMask's reference in ../dropout-mask.ts.

/** High halves of the products of the lanes of `x` with the lanes of `factor` (each the same in both). */
// @ts-ignore: decorator
@inline
function multiplyHigh(x: v128, factor: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(x, factor);
  const high = i64x2.extmul_high_i32x4_u(x, factor);
  return i8x16.shuffle(low, high, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/**
 * Fills `count` float32 elements (a multiple of 16) at `address` (a multiple of 16): 0 where the element's random
 * number is below `threshold`, `scale` elsewhere. Element e takes word e mod 4 of the block whose counter is
 * (e div 4, place, microBatch, 0) under the key (seed, step); `firstBlock` is the first element's e div 4.
 */
export function dropoutMask(
  address: usize,
  count: usize,
  firstBlock: u32,
  place: u32,
  microBatch: u32,
  seed: u32,
  step: u32,
  threshold: u32,
  scale: f32,
): void {
  const factor0 = i32x4.splat(0xd2511f53);
  const factor1 = i32x4.splat(0xcd9e8d57);
  const limit = i32x4.splat(threshold);
  const kept = f32x4.splat(scale);
  const end = address + (count << 2);
  let blocks = i32x4.add(i32x4.splat(firstBlock), i32x4(0, 1, 2, 3));
  for (let at = address; at < end; at += 64) {
    let c0 = blocks;
    let c1 = i32x4.splat(place);
    let c2 = i32x4.splat(microBatch);
    let c3 = i32x4.splat(0);
    let k0 = seed;
    let k1 = step;
    for (let round = 0; round < 10; round++) {
      const high0 = multiplyHigh(c0, factor0);
      const high1 = multiplyHigh(c2, factor1);
      const low0 = i32x4.mul(c0, factor0);
      const low1 = i32x4.mul(c2, factor1);
      c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0));
      c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1));
      c1 = low1;
      c3 = low0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    c0 = v128.and(i32x4.ge_u(c0, limit), kept);
    c1 = v128.and(i32x4.ge_u(c1, limit), kept);
    c2 = v128.and(i32x4.ge_u(c2, limit), kept);
    c3 = v128.and(i32x4.ge_u(c3, limit), kept);
    // Lane b of c_w is word w of block b: transposed, so that a block's four words lie side by side.
    const low01 = i8x16.shuffle(c0, c1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high01 = i8x16.shuffle(c0, c1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const low23 = i8x16.shuffle(c2, c3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high23 = i8x16.shuffle(c2, c3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v128.store(at, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    v128.store(at, i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 16);
    v128.store(at, i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 32);
    v128.store(at, i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 48);
    blocks = i32x4.add(blocks, i32x4.splat(4));
  }
}
