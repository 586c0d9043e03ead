import { stringAttribute } from '../operators/declaration.ts';
import {
  add,
  cast,
  div,
  erf,
  exp,
  geluCubic,
  geluScale,
  lessOrEqual,
  mul,
  neg,
  sigmoid,
  sub,
  where,
} from '../operators/elementwise.ts';
import type { Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

/** d gelu(x) / dx in the tanh form, written with σ: gelu(x) = x·σ(z), z = x·(a + b·x²), since (1 + tanh u)/2 = σ(2u). */
function tanhGeluSlope(x: Value): Value {
  const a = 2 * geluScale;
  const z = mul(x, add(mul(mul(x, x), a * geluCubic), a));
  const s = sigmoid(z);
  // x·dz/dx = 3z − 2a·x, so the slope σ + x·σ·(1 − σ)·dz/dx needs no further power of x.
  const t = sub(mul(z, 3), mul(x, 2 * a));
  return mul(s, add(sub(t, mul(s, t)), 1));
}

/** d gelu(x) / dx in the exact form: Φ(x) + x·φ(x). */
function exactGeluSlope(x: Value): Value {
  const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(distribution, mul(x, density));
}

/** g is the gradient of the output, y the output, a and b the inputs. */
export const elementwiseGradients: Readonly<Record<string, GradientRule>> = {
  Add: ofOne((g, [a, b]) => [unbroadcast(g, a!), unbroadcast(g, b!)]),
  Sub: ofOne((g, [a, b]) => [unbroadcast(g, a!), unbroadcast(neg(g), b!)]),
  Mul: ofOne((g, [a, b]) => [unbroadcast(mul(g, b!), a!), unbroadcast(mul(g, a!), b!)]),
  Div: ofOne((g, [a, b], y) => [unbroadcast(div(g, b!), a!), unbroadcast(neg(div(mul(g, y), b!)), b!)]),
  Neg: ofOne((g) => [neg(g)]),
  Sqrt: ofOne((g, _, y) => [div(mul(g, 0.5), y)]),
  Reciprocal: ofOne((g, _, y) => [neg(mul(g, mul(y, y)))]),
  Exp: ofOne((g, _, y) => [mul(g, y)]),
  Log: ofOne((g, [x]) => [div(g, x!)]),
  Tanh: ofOne((g, _, y) => [mul(g, sub(neg(mul(y, y)), -1))]),
  Sigmoid: ofOne((g, _, y) => [mul(g, sub(y, mul(y, y)))]),
  Erf: ofOne((g, [x]) => [mul(g, mul(exp(neg(mul(x!, x!))), 2 / Math.sqrt(Math.PI)))]),
  Relu: ofOne((g, [x]) => [where(lessOrEqual(x!, 0), 0, g)]),
  Gelu: ofOne((g, [x], _, attributes) => [
    mul(
      g,
      stringAttribute(attributes, 'approximate', 'none') === 'tanh' ? tanhGeluSlope(x!) : exactGeluSlope(x!),
    ),
  ]),
  Cast: ofOne((g, [x]) => [x!.dtype === 'float32' || x!.dtype === 'float16' ? cast(g, x!.dtype) : undefined]),
  Where: ofOne((g, [condition, a, b]) => [
    undefined,
    unbroadcast(where(condition!, g, 0), a!),
    unbroadcast(where(condition!, 0, g), b!),
  ]),
};
