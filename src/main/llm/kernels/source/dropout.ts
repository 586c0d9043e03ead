// Dropout masks from Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), eight
// blocks of the counter at once. AssemblyScript: compiled by scripts/build-kernels.ts. Its definition in plain
// TypeScript is defineDropoutMask in ../dropout-mask.ts.

/** High halves of the products whose even and odd lanes (as 64-bit numbers) are given. */
// @ts-ignore: decorator
@inline
function high(low: v128, upper: v128): v128 {
  return i8x16.shuffle(low, upper, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/** Low halves of the same. */
// @ts-ignore: decorator
@inline
function low(low: v128, upper: v128): v128 {
  return i8x16.shuffle(low, upper, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

/** Stores the mask of four blocks: lane b of c_w is word w of block b, so they are transposed on the way. */
// @ts-ignore: decorator
@inline
function storeMask(at: usize, c0: v128, c1: v128, c2: v128, c3: v128, limit: v128, kept: v128): void {
  c0 = v128.and(i32x4.ge_u(c0, limit), kept);
  c1 = v128.and(i32x4.ge_u(c1, limit), kept);
  c2 = v128.and(i32x4.ge_u(c2, limit), kept);
  c3 = v128.and(i32x4.ge_u(c3, limit), kept);
  const low01 = i8x16.shuffle(c0, c1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high01 = i8x16.shuffle(c0, c1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const low23 = i8x16.shuffle(c2, c3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high23 = i8x16.shuffle(c2, c3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(at, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(at, i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 16);
  v128.store(at, i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 32);
  v128.store(at, i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 48);
}

/**
 * Fills `count` float32 elements (a multiple of 32) at `address` (a multiple of 16): 0 where the element's random
 * number is below `threshold`, `scale` elsewhere. Element e takes word e mod 4 of the block whose counter is
 * (e div 4, place, microBatch, 0) under the key (seed, step); `firstBlock` is the first element's e div 4.
 *
 * Eight blocks go through the rounds together, four (c) and four (d): a round waits for its multiplications, and the
 * other four's fit in meanwhile.
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
  for (let at = address; at < end; at += 128) {
    let c0 = blocks;
    let c1 = i32x4.splat(place);
    let c2 = i32x4.splat(microBatch);
    let c3 = i32x4.splat(0);
    let d0 = i32x4.add(blocks, i32x4.splat(4));
    let d1 = c1;
    let d2 = c2;
    let d3 = c3;
    let k0 = seed;
    let k1 = step;
    for (let round = 0; round < 10; round++) {
      const key0 = i32x4.splat(k0);
      const key1 = i32x4.splat(k1);
      const c0Low = i64x2.extmul_low_i32x4_u(c0, factor0);
      const c0Upper = i64x2.extmul_high_i32x4_u(c0, factor0);
      const c2Low = i64x2.extmul_low_i32x4_u(c2, factor1);
      const c2Upper = i64x2.extmul_high_i32x4_u(c2, factor1);
      const d0Low = i64x2.extmul_low_i32x4_u(d0, factor0);
      const d0Upper = i64x2.extmul_high_i32x4_u(d0, factor0);
      const d2Low = i64x2.extmul_low_i32x4_u(d2, factor1);
      const d2Upper = i64x2.extmul_high_i32x4_u(d2, factor1);
      c0 = v128.xor(v128.xor(high(c2Low, c2Upper), c1), key0);
      c2 = v128.xor(v128.xor(high(c0Low, c0Upper), c3), key1);
      c1 = low(c2Low, c2Upper);
      c3 = low(c0Low, c0Upper);
      d0 = v128.xor(v128.xor(high(d2Low, d2Upper), d1), key0);
      d2 = v128.xor(v128.xor(high(d0Low, d0Upper), d3), key1);
      d1 = low(d2Low, d2Upper);
      d3 = low(d0Low, d0Upper);
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    storeMask(at, c0, c1, c2, c3, limit, kept);
    storeMask(at + 64, d0, d1, d2, d3, limit, kept);
    blocks = i32x4.add(blocks, i32x4.splat(8));
  }
}
