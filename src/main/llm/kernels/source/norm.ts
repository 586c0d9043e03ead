// Sum of squares for the global gradient norm. AssemblyScript: compiled by scripts/build-kernels.ts.

/**
 * Σ x² of `count` float32 elements (a multiple of 8) at an address that is a multiple of 16, each square and sum in
 * float64: four lanes that are added in a fixed order, so that the result does not depend on who computes it.
 */
export function sumOfSquares(address: usize, count: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = address + (count << 2);
  for (let at = address; at < end; at += 32) {
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const first0 = f64x2.promote_low_f32x4(first);
    const first1 = f64x2.promote_low_f32x4(
      i8x16.shuffle(first, first, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
    );
    const second0 = f64x2.promote_low_f32x4(second);
    const second1 = f64x2.promote_low_f32x4(
      i8x16.shuffle(second, second, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
    );
    a = f64x2.add(a, f64x2.mul(first0, first0));
    b = f64x2.add(b, f64x2.mul(first1, first1));
    c = f64x2.add(c, f64x2.mul(second0, second0));
    d = f64x2.add(d, f64x2.mul(second1, second1));
  }
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Writes zeros over `count` float32 elements. */
export function zero(address: usize, count: usize): void {
  memory.fill(address, 0, count << 2);
}
