import { builderOf } from '../builder.ts';
import { normalizeAxis } from '../shapes.ts';
import type { Attributes, Value } from '../types.ts';
import type { OperatorDeclaration, RealTensor } from './declaration.ts';
import { constantIntegers, intAttribute } from './declaration.ts';
import { aroundAxis, broadcastIndices, sizeOf } from './real-arrays.ts';

/** The axes that a reduction takes together: those listed, counted from the front; all where none are listed. */
export function reducedAxes(
  name: string,
  rank: number,
  axes: readonly number[] | undefined,
): ReadonlySet<number> {
  return new Set(
    axes === undefined || axes.length === 0
      ? Array.from({ length: rank }, (_, axis) => axis)
      : axes.map((axis) => normalizeAxis(name, axis, rank)),
  );
}

/** Declares a reduction over axes given as a second input (ONNX since operator set 13 or 18). */
function reduction(
  name: string,
  start: number,
  combine: (total: number, x: number) => number,
  finish: (total: number, count: number) => number,
): OperatorDeclaration {
  return {
    name,
    domain: '',
    inputs: ['data', 'axes?'],
    attributes: { keepdims: [0, 1], noop_with_empty_axes: [0] },
    infer: ([x, axes], attributes) => {
      const { dtype, shape } = x!;
      const listed = axes === undefined ? undefined : constantIntegers(name, axes, 'the axes');
      const reduced = reducedAxes(name, shape.length, listed);
      const keep = intAttribute(attributes, 'keepdims', 1) === 1;
      return [
        {
          dtype,
          shape: keep
            ? shape.map((dimension, axis) => (reduced.has(axis) ? 1 : dimension))
            : shape.filter((_, axis) => !reduced.has(axis)),
        },
      ];
    },
    evaluate: ([x, axes], attributes) => {
      const reduced = reducedAxes(name, x!.shape.length, axes && Array.from(axes.data));
      const kept = x!.shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent));
      const totals = new Float64Array(sizeOf(kept)).fill(start);
      const target = broadcastIndices(kept, x!.shape);
      for (let element = 0; element < target.length; element++)
        totals[target[element]!] = combine(totals[target[element]!]!, x!.data[element]!);
      const count = x!.data.length / totals.length;
      const shape =
        intAttribute(attributes, 'keepdims', 1) === 1
          ? kept
          : x!.shape.filter((_, axis) => !reduced.has(axis));
      return [{ dtype: x!.dtype, shape, data: totals.map((total) => finish(total, count)) }];
    },
  };
}

export const reduceSumOperator = reduction(
  'ReduceSum',
  0,
  (total, x) => total + x,
  (total) => total,
);
export const reduceMeanOperator = reduction(
  'ReduceMean',
  0,
  (total, x) => total + x,
  (total, count) => total / count,
);
export const reduceMaxOperator = reduction('ReduceMax', -Infinity, Math.max, (total) => total);
export const reduceSumSquareOperator = reduction(
  'ReduceSumSquare',
  0,
  (total, x) => total + x * x,
  (total) => total,
);

/** Evaluates along an axis, one line after another. */
function alongAxis(
  x: RealTensor,
  attributes: Attributes,
  compute: (line: Float64Array) => Float64Array,
): RealTensor {
  const axis = intAttribute(attributes, 'axis', -1);
  const { outer, extent, inner } = aroundAxis(x.shape, axis < 0 ? axis + x.shape.length : axis);
  const data = new Float64Array(x.data.length);
  for (let before = 0; before < outer; before++) {
    for (let after = 0; after < inner; after++) {
      const at = (position: number): number => (before * extent + position) * inner + after;
      const line = compute(Float64Array.from({ length: extent }, (_, position) => x.data[at(position)]!));
      for (let position = 0; position < extent; position++) data[at(position)] = line[position]!;
    }
  }
  return { dtype: x.dtype, shape: x.shape, data };
}

function overAxis(name: string, compute: (line: Float64Array) => Float64Array): OperatorDeclaration {
  return {
    name,
    domain: '',
    inputs: ['input'],
    attributes: { axis: 'int' },
    infer: ([x], attributes) => {
      normalizeAxis(name, intAttribute(attributes, 'axis', -1), x!.shape.length);
      return [{ dtype: x!.dtype, shape: x!.shape }];
    },
    evaluate: ([x], attributes) => [alongAxis(x!, attributes, compute)],
  };
}

export const softmaxOperator = overAxis('Softmax', (line) => {
  const maximum = line.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = line.map((x) => Math.exp(x - maximum));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
});

export const logSoftmaxOperator = overAxis('LogSoftmax', (line) => {
  const maximum = line.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = Math.log(line.reduce((sum, x) => sum + Math.exp(x - maximum), 0));
  return line.map((x) => x - maximum - total);
});

const applyReduction =
  (declaration: OperatorDeclaration) =>
  /** Reduces over `axes` (all when left out); the axes stay with extent 1 unless `keepDimensions` is false. */
  (x: Value, axes?: readonly number[], keepDimensions = true): Value => {
    const builder = builderOf(x);
    return builder.apply(declaration, axes === undefined ? [x] : [x, builder.integers(axes)], {
      keepdims: { type: 'int', value: keepDimensions ? 1 : 0 },
    })[0]!;
  };

export const reduceSum = applyReduction(reduceSumOperator);
export const reduceSumSquare = applyReduction(reduceSumSquareOperator);

/** exp(x) / Σ exp(x) along the axis. */
export function softmax(x: Value, axis = -1): Value {
  return builderOf(x).apply(softmaxOperator, [x], { axis: { type: 'int', value: axis } })[0]!;
}

export const reductionOperators: readonly OperatorDeclaration[] = [
  reduceSumOperator,
  reduceMeanOperator,
  reduceMaxOperator,
  reduceSumSquareOperator,
  softmaxOperator,
  logSoftmaxOperator,
];
