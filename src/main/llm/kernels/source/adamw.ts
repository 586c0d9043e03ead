// AdamW with decoupled weight decay (Loshchilov & Hutter, ICLR 2019, algorithm 2), one pass over parameter, gradient
// and both moments. AssemblyScript: compiled by scripts/build-kernels.ts. Every lane computes exactly
//   g' = g·scale;  m ← β1·m + (1−β1)·g';  v ← β2·v + (1−β2)·(g'·g');  p ← p·decay − stepSize·(m / (√v + ε'))
// in float32 with one rounding an operation (no fused or relaxed ones), so that the result is the same on every machine.
// The bias corrections are in the scalars: stepSize = lr·√(1−β2^t)/(1−β1^t), ε' = ε·√(1−β2^t), decay = 1 − lr·λ.

/** Updates `count` elements, a multiple of 4. The four addresses are multiples of 16. */
export function adamW(
  parameter: usize,
  gradient: usize,
  firstMoment: usize,
  secondMoment: usize,
  count: usize,
  gradientScale: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  decay: f32,
  stepSize: f32,
  epsilon: f32,
): void {
  const scale = f32x4.splat(gradientScale);
  const keepFirst = f32x4.splat(beta1);
  const takeFirst = f32x4.splat(oneMinusBeta1);
  const keepSecond = f32x4.splat(beta2);
  const takeSecond = f32x4.splat(oneMinusBeta2);
  const keep = f32x4.splat(decay);
  const step = f32x4.splat(stepSize);
  const floor = f32x4.splat(epsilon);
  const bytes = count << 2;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const g = f32x4.mul(v128.load(gradient + offset), scale);
    const m = f32x4.add(f32x4.mul(v128.load(firstMoment + offset), keepFirst), f32x4.mul(g, takeFirst));
    const v = f32x4.add(
      f32x4.mul(v128.load(secondMoment + offset), keepSecond),
      f32x4.mul(f32x4.mul(g, g), takeSecond),
    );
    const direction = f32x4.div(m, f32x4.add(f32x4.sqrt(v), floor));
    const p = f32x4.sub(f32x4.mul(v128.load(parameter + offset), keep), f32x4.mul(direction, step));
    v128.store(firstMoment + offset, m);
    v128.store(secondMoment + offset, v);
    v128.store(parameter + offset, p);
  }
}
