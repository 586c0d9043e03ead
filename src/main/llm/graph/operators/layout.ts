import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import { broadcastShapes, elementCount, normalizeAxis } from '../shapes.ts';
import type { Dimension, Value } from '../types.ts';
import type { InputType, OperatorDeclaration, RealTensor } from './declaration.ts';
import { constantIntegers, intAttribute, intsAttribute, requireSameType } from './declaration.ts';
import { aroundAxis, broadcastExtents, broadcastIndices, sizeOf, stridesOf } from './real-arrays.ts';

/** A product of dimensions, as a number or a name: `6`, `batch`, `2*batch*sequence`, `batch*6/4`. */
function productOf(dimensions: readonly Dimension[], divisor: number): Dimension {
  const symbols = dimensions.filter((dimension) => typeof dimension === 'string').toSorted();
  const factor = elementCount(dimensions.filter((dimension) => typeof dimension === 'number'))!;
  if (symbols.length === 0) return factor / divisor;
  if (factor === divisor) return symbols.join('*');
  return factor % divisor === 0
    ? [factor / divisor, ...symbols].join('*')
    : `${[...symbols, factor].join('*')}/${divisor}`;
}

/** Resolves Reshape's 0 (copy the dimension) and −1 (whatever is left). */
function resolveReshape(input: InputType, wanted: readonly number[]): readonly Dimension[] {
  const fail = (): GraphError =>
    new GraphError('Reshape', `the elements do not fill [${wanted.join(', ')}]`, [input]);
  if (wanted.some((extent) => extent < -1) || wanted.indexOf(-1) !== wanted.lastIndexOf(-1)) throw fail();
  const copied = wanted.map((extent, axis): Dimension => {
    if (extent !== 0) return extent;
    const dimension = input.shape[axis];
    if (dimension === undefined)
      throw new GraphError('Reshape', `there is no dimension ${axis} to copy`, [input]);
    return dimension;
  });
  const total = elementCount(input.shape);
  const open = wanted.indexOf(-1);
  if (open === -1) {
    const count = elementCount(copied);
    if (total !== undefined && count !== undefined && count !== total) throw fail();
    return copied;
  }
  const known = copied.filter((_, axis) => axis !== open);
  // A symbolic dimension that is copied stands on both sides and cancels out.
  const remaining = [...input.shape];
  for (const dimension of known)
    if (typeof dimension === 'string') remaining.splice(remaining.indexOf(dimension), 1);
  const rest = productOf(
    remaining,
    elementCount(known.filter((dimension) => typeof dimension === 'number'))!,
  );
  if (typeof rest === 'number' && !Number.isInteger(rest)) throw fail();
  return copied.map((dimension, axis) => (axis === open ? rest : dimension));
}

export const reshapeOperator: OperatorDeclaration = {
  name: 'Reshape',
  domain: '',
  inputs: ['data', 'shape'],
  attributes: { allowzero: [0] },
  infer: ([x, shape]) => [
    { dtype: x!.dtype, shape: resolveReshape(x!, constantIntegers('Reshape', shape, 'the new shape')) },
  ],
  evaluate: ([x, shape]) => {
    const copied = Array.from(shape!.data, (extent, axis) => (extent === 0 ? x!.shape[axis]! : extent));
    const known = copied.filter((extent) => extent !== -1).reduce((a, b) => a * b, 1);
    return [
      {
        dtype: x!.dtype,
        shape: copied.map((extent) => (extent === -1 ? x!.data.length / known : extent)),
        data: x!.data,
      },
    ];
  },
};

export const transposeOperator: OperatorDeclaration = {
  name: 'Transpose',
  domain: '',
  inputs: ['data'],
  attributes: { perm: 'ints' },
  infer: ([x], attributes) => {
    const permutation =
      intsAttribute(attributes, 'perm') ?? x!.shape.map((_, axis) => x!.shape.length - 1 - axis);
    if (
      permutation.toSorted((a, b) => a - b).some((axis, index) => axis !== index) ||
      permutation.length !== x!.shape.length
    )
      throw new GraphError('Transpose', `[${permutation.join(', ')}] is no permutation of the axes`, [x]);
    return [{ dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) }];
  },
  evaluate: ([x], attributes) => {
    const permutation =
      intsAttribute(attributes, 'perm') ?? x!.shape.map((_, axis) => x!.shape.length - 1 - axis);
    const shape = permutation.map((axis) => x!.shape[axis]!);
    const strides = permutation.map((axis) => stridesOf(x!.shape)[axis]!);
    const own = stridesOf(shape);
    const data = new Float64Array(x!.data.length);
    for (let element = 0; element < data.length; element++) {
      let source = 0;
      for (let axis = 0; axis < shape.length; axis++)
        source += (Math.floor(element / own[axis]!) % shape[axis]!) * strides[axis]!;
      data[element] = x!.data[source]!;
    }
    return [{ dtype: x!.dtype, shape, data }];
  },
};

export const concatOperator: OperatorDeclaration = {
  name: 'Concat',
  domain: '',
  inputs: ['inputs...'],
  attributes: { axis: 'int' },
  infer: (given, attributes) => {
    const inputs = given as readonly InputType[];
    const first = inputs[0]!;
    const axis = normalizeAxis('Concat', intAttribute(attributes, 'axis', 0), first.shape.length);
    requireSameType('Concat', inputs);
    for (const input of inputs) {
      if (
        input.shape.length !== first.shape.length ||
        input.shape.some((dimension, i) => i !== axis && dimension !== first.shape[i])
      )
        throw new GraphError('Concat', 'the shapes differ outside the joined axis', inputs);
    }
    const extents = inputs.map((input) => input.shape[axis]!);
    const joined = extents.every((extent) => typeof extent === 'number')
      ? extents.reduce((a, b) => a + b, 0)
      : extents.join(' + ');
    return [
      { dtype: first.dtype, shape: first.shape.map((dimension, i) => (i === axis ? joined : dimension)) },
    ];
  },
  evaluate: (inputs, attributes) => {
    const tensors = inputs as readonly RealTensor[];
    const first = tensors[0]!;
    const axis = normalizeAxis('Concat', intAttribute(attributes, 'axis', 0), first.shape.length);
    const joined = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
    const shape = first.shape.map((extent, i) => (i === axis ? joined : extent));
    const { outer, inner } = aroundAxis(shape, axis);
    const data = new Float64Array(sizeOf(shape));
    let offset = 0;
    for (const tensor of tensors) {
      const block = tensor.shape[axis]! * inner;
      for (let before = 0; before < outer; before++)
        data.set(
          tensor.data.subarray(before * block, (before + 1) * block),
          before * joined * inner + offset,
        );
      offset += block;
    }
    return [{ dtype: first.dtype, shape, data }];
  },
};

/** Elements from `from`, up to and not including `to`, along an axis. */
function sliceReal(x: RealTensor, axis: number, from: number, to: number): RealTensor {
  const { outer, extent, inner } = aroundAxis(x.shape, axis);
  const length = Math.max(0, to - from);
  const data = new Float64Array(outer * length * inner);
  for (let before = 0; before < outer; before++)
    data.set(
      x.data.subarray((before * extent + from) * inner, (before * extent + to) * inner),
      before * length * inner,
    );
  return { dtype: x.dtype, shape: x.shape.map((size, i) => (i === axis ? length : size)), data };
}

export const splitOperator: OperatorDeclaration = {
  name: 'Split',
  domain: '',
  inputs: ['input', 'split'],
  attributes: { axis: 'int' },
  infer: ([x, lengths], attributes) => {
    const axis = normalizeAxis('Split', intAttribute(attributes, 'axis', 0), x!.shape.length);
    const parts = constantIntegers('Split', lengths, 'the lengths');
    const total = x!.shape[axis]!;
    if (typeof total === 'number' && parts.reduce((a, b) => a + b, 0) !== total)
      throw new GraphError('Split', `[${parts.join(', ')}] do not add up to ${total}`, [x]);
    return parts.map((length) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((dimension, i) => (i === axis ? length : dimension)),
    }));
  },
  evaluate: ([x, lengths], attributes) => {
    const axis = normalizeAxis('Split', intAttribute(attributes, 'axis', 0), x!.shape.length);
    let start = 0;
    return Array.from(lengths!.data, (length) => {
      start += length;
      return sliceReal(x!, axis, start - length, start);
    });
  },
};

/** Clamps a slice's bound as ONNX does: negative counts from the end. */
export function clampBound(bound: number, extent: number): number {
  return Math.min(Math.max(bound < 0 ? bound + extent : bound, 0), extent);
}

export const sliceOperator: OperatorDeclaration = {
  name: 'Slice',
  domain: '',
  inputs: ['data', 'starts', 'ends', 'axes'],
  attributes: {},
  infer: ([x, ...bounds]) => {
    const [from, to, along] = (['start', 'end', 'axis'] as const).map((what, index) => {
      const [value, ...others] = constantIntegers('Slice', bounds[index], `the ${what}`);
      if (value === undefined || others.length > 0)
        throw new GraphError('Slice', 'it cuts along one axis at a time', [x]);
      return value;
    }) as [number, number, number];
    const axis = normalizeAxis('Slice', along, x!.shape.length);
    const extent = x!.shape[axis]!;
    const cut =
      typeof extent === 'string'
        ? `${extent}[${from}:${to}]`
        : Math.max(0, clampBound(to, extent) - clampBound(from, extent));
    return [{ dtype: x!.dtype, shape: x!.shape.map((dimension, i) => (i === axis ? cut : dimension)) }];
  },
  evaluate: ([x, starts, ends, axes]) => {
    const axis = normalizeAxis('Slice', axes!.data[0]!, x!.shape.length);
    const extent = x!.shape[axis]!;
    return [sliceReal(x!, axis, clampBound(starts!.data[0]!, extent), clampBound(ends!.data[0]!, extent))];
  },
};

/** Puts zeros before and after along one axis (Pad in constant mode). */
export const padOperator: OperatorDeclaration = {
  name: 'Pad',
  domain: '',
  inputs: ['data', 'pads'],
  attributes: { mode: ['constant'] },
  infer: ([x, pads]) => {
    const amounts = constantIntegers('Pad', pads, 'the padding');
    const rank = x!.shape.length;
    if (amounts.length !== 2 * rank || amounts.some((amount) => amount < 0))
      throw new GraphError('Pad', `[${amounts.join(', ')}] cannot pad a rank of ${rank}`, [x]);
    return [
      {
        dtype: x!.dtype,
        shape: x!.shape.map((dimension, axis) => {
          const more = amounts[axis]! + amounts[axis + rank]!;
          if (more === 0) return dimension;
          if (typeof dimension === 'string')
            throw new GraphError('Pad', 'a symbolic dimension cannot be padded', [x]);
          return dimension + more;
        }),
      },
    ];
  },
  evaluate: ([x, pads]) => {
    const rank = x!.shape.length;
    const shape = x!.shape.map((extent, axis) => extent + pads!.data[axis]! + pads!.data[axis + rank]!);
    const strides = stridesOf(shape);
    const data = new Float64Array(sizeOf(shape));
    const own = stridesOf(x!.shape);
    for (let element = 0; element < x!.data.length; element++) {
      let target = 0;
      for (let axis = 0; axis < rank; axis++)
        target += ((Math.floor(element / own[axis]!) % x!.shape[axis]!) + pads!.data[axis]!) * strides[axis]!;
      data[target] = x!.data[element]!;
    }
    return [{ dtype: x!.dtype, shape, data }];
  },
};

export const unsqueezeOperator: OperatorDeclaration = {
  name: 'Unsqueeze',
  domain: '',
  inputs: ['data', 'axes'],
  attributes: {},
  infer: ([x, axes]) => {
    const inserted = constantIntegers('Unsqueeze', axes, 'the axes');
    const rank = x!.shape.length + inserted.length;
    const at = new Set(inserted.map((axis) => normalizeAxis('Unsqueeze', axis, rank)));
    if (at.size !== inserted.length)
      throw new GraphError('Unsqueeze', `[${inserted.join(', ')}] names an axis twice`, [x]);
    const remaining = [...x!.shape];
    return [
      {
        dtype: x!.dtype,
        shape: Array.from({ length: rank }, (_, axis): Dimension => (at.has(axis) ? 1 : remaining.shift()!)),
      },
    ];
  },
  evaluate: ([x, axes]) => {
    const rank = x!.shape.length + axes!.data.length;
    const at = new Set(Array.from(axes!.data, (axis) => (axis < 0 ? axis + rank : axis)));
    const remaining = [...x!.shape];
    return [
      {
        dtype: x!.dtype,
        shape: Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : remaining.shift()!)),
        data: x!.data,
      },
    ];
  },
};

export const expandOperator: OperatorDeclaration = {
  name: 'Expand',
  domain: '',
  inputs: ['input', 'shape'],
  attributes: {},
  infer: ([x, shape]) => {
    const target = constantIntegers('Expand', shape, 'the shape');
    return [{ dtype: x!.dtype, shape: broadcastShapes('Expand', x!, { dtype: x!.dtype, shape: target }) }];
  },
  evaluate: ([x, shape]) => {
    const target = broadcastExtents(x!.shape, Array.from(shape!.data));
    return [
      {
        dtype: x!.dtype,
        shape: target,
        data: Float64Array.from(broadcastIndices(x!.shape, target), (index) => x!.data[index]!),
      },
    ];
  },
};

export const identityOperator: OperatorDeclaration = {
  name: 'Identity',
  domain: '',
  inputs: ['input'],
  attributes: {},
  infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
  evaluate: ([x]) => [x!],
};

/** The same elements in another shape; 0 copies a dimension, −1 takes what is left. */
export function reshape(x: Value, shape: readonly number[]): Value {
  const builder = builderOf(x);
  return builder.apply(reshapeOperator, [x, builder.integers(shape)])[0]!;
}

/** Axis i of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return builderOf(x).apply(transposeOperator, [x], { perm: { type: 'ints', value: permutation } })[0]!;
}

/** Joins tensors along an axis, in which alone they may differ. */
export function concat(values: readonly Value[], axis: number): Value {
  return values.length === 1
    ? values[0]!
    : builderOf(values[0]!).apply(concatOperator, values, { axis: { type: 'int', value: axis } })[0]!;
}

/** Cuts `x` along an axis into parts of the given lengths. */
export function split(x: Value, lengths: readonly number[], axis: number): readonly Value[] {
  if (lengths.length === 1) return [x];
  const builder = builderOf(x);
  return builder.apply(
    splitOperator,
    [x, builder.integers(lengths)],
    { axis: { type: 'int', value: axis } },
    lengths.length,
  );
}

/** Elements `from` … `to` − 1 along an axis; negative bounds count from the end. */
export function slice(x: Value, axis: number, from: number, to: number): Value {
  const builder = builderOf(x);
  return builder.apply(sliceOperator, [
    x,
    builder.integers([from]),
    builder.integers([to]),
    builder.integers([axis]),
  ])[0]!;
}

/** Adds zeros along one axis. */
export function padWithZeros(x: Value, axis: number, before: number, after: number): Value {
  const builder = builderOf(x);
  const amounts = x.shape
    .map((_, i) => (i === axis ? before : 0))
    .concat(x.shape.map((_, i) => (i === axis ? after : 0)));
  return builder.apply(padOperator, [x, builder.integers(amounts)])[0]!;
}

/** Adds axes of extent 1. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  const builder = builderOf(x);
  return builder.apply(unsqueezeOperator, [x, builder.integers(axes)])[0]!;
}

/** Repeats along axes of extent 1 until the shape is reached. */
export function expand(x: Value, shape: readonly number[]): Value {
  const builder = builderOf(x);
  return builder.apply(expandOperator, [x, builder.integers(shape)])[0]!;
}

export const layoutOperators: readonly OperatorDeclaration[] = [
  reshapeOperator,
  transposeOperator,
  concatOperator,
  splitOperator,
  sliceOperator,
  padOperator,
  unsqueezeOperator,
  expandOperator,
  identityOperator,
];
