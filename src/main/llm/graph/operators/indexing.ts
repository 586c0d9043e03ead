import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import { normalizeAxis, sameShape } from '../shapes.ts';
import type { Attributes, TensorType, Value } from '../types.ts';
import type { OperatorDeclaration } from './declaration.ts';
import {
  constantIntegers,
  intAttribute,
  requireIntegers,
  requireSameType,
  stringAttribute,
} from './declaration.ts';
import { unsqueeze } from './layout.ts';
import { aroundAxis, sizeOf, stridesOf } from './real-arrays.ts';

/** Resolves an index that may count from the end. @throws RangeError when there is no such element. */
function resolveIndex(operator: string, index: number, extent: number): number {
  const resolved = index < 0 ? index + extent : index;
  if (!(resolved >= 0 && resolved < extent))
    throw new RangeError(`${operator}: index ${index} lies outside ${extent} elements.`);
  return resolved;
}

export const gatherOperator: OperatorDeclaration = {
  name: 'Gather',
  domain: '',
  inputs: ['data', 'indices'],
  attributes: { axis: 'int' },
  infer: ([data, indices], attributes) => {
    const axis = normalizeAxis('Gather', intAttribute(attributes, 'axis', 0), data!.shape.length);
    requireIntegers('Gather', indices!);
    return [
      {
        dtype: data!.dtype,
        shape: [...data!.shape.slice(0, axis), ...indices!.shape, ...data!.shape.slice(axis + 1)],
      },
    ];
  },
  evaluate: ([data, indices], attributes) => {
    const axis = normalizeAxis('Gather', intAttribute(attributes, 'axis', 0), data!.shape.length);
    const { outer, extent, inner } = aroundAxis(data!.shape, axis);
    const count = indices!.data.length;
    const result = new Float64Array(outer * count * inner);
    for (let before = 0; before < outer; before++) {
      for (let i = 0; i < count; i++) {
        const index = resolveIndex('Gather', indices!.data[i]!, extent);
        result.set(
          data!.data.subarray((before * extent + index) * inner, (before * extent + index + 1) * inner),
          (before * count + i) * inner,
        );
      }
    }
    return [
      {
        dtype: data!.dtype,
        shape: [...data!.shape.slice(0, axis), ...indices!.shape, ...data!.shape.slice(axis + 1)],
        data: result,
      },
    ];
  },
};

/** For each element of `indices`, where in a tensor of `shape` it points along `axis` (GatherElements, ScatterElements). */
function elementPositions(
  operator: string,
  shape: readonly number[],
  indices: { readonly shape: readonly number[]; readonly data: Float64Array },
  axis: number,
): Int32Array {
  const strides = stridesOf(shape);
  const own = stridesOf(indices.shape);
  return Int32Array.from(indices.data, (index, element) => {
    let position = 0;
    for (let i = 0; i < shape.length; i++) {
      const coordinate =
        i === axis
          ? resolveIndex(operator, index, shape[axis]!)
          : Math.floor(element / own[i]!) % indices.shape[i]!;
      position += coordinate * strides[i]!;
    }
    return position;
  });
}

/** Checks that indices name elements along one axis of `data`: of the same rank, and no longer along other axes. */
function checkElementIndices(
  operator: string,
  data: TensorType,
  indices: TensorType,
  attributes: Attributes,
): void {
  const axis = normalizeAxis(operator, intAttribute(attributes, 'axis', 0), data.shape.length);
  requireIntegers(operator, indices);
  if (data.shape.length !== indices.shape.length)
    throw new GraphError(operator, 'data and indices need the same rank', [data, indices]);
  const tooLong = indices.shape.some((extent, i) => {
    const available = data.shape[i]!;
    return i !== axis && typeof extent === 'number' && typeof available === 'number' && extent > available;
  });
  if (tooLong) throw new GraphError(operator, 'the indices reach beyond the data', [data, indices]);
}

export const gatherElementsOperator: OperatorDeclaration = {
  name: 'GatherElements',
  domain: '',
  inputs: ['data', 'indices'],
  attributes: { axis: 'int' },
  infer: ([data, indices], attributes) => {
    checkElementIndices('GatherElements', data!, indices!, attributes);
    return [{ dtype: data!.dtype, shape: indices!.shape }];
  },
  evaluate: ([data, indices], attributes) => {
    const axis = normalizeAxis('GatherElements', intAttribute(attributes, 'axis', 0), data!.shape.length);
    const positions = elementPositions('GatherElements', data!.shape, indices!, axis);
    return [
      {
        dtype: data!.dtype,
        shape: indices!.shape,
        data: Float64Array.from(positions, (position) => data!.data[position]!),
      },
    ];
  },
};

export const scatterElementsOperator: OperatorDeclaration = {
  name: 'ScatterElements',
  domain: '',
  inputs: ['data', 'indices', 'updates'],
  attributes: { axis: 'int', reduction: ['none', 'add'] },
  infer: ([data, indices, updates], attributes) => {
    checkElementIndices('ScatterElements', data!, indices!, attributes);
    requireSameType('ScatterElements', [data, updates]);
    if (!sameShape(indices!.shape, updates!.shape))
      throw new GraphError('ScatterElements', 'indices and updates need the same shape', [
        data,
        indices,
        updates,
      ]);
    return [{ dtype: data!.dtype, shape: data!.shape }];
  },
  evaluate: ([data, indices, updates], attributes) => {
    const axis = normalizeAxis('ScatterElements', intAttribute(attributes, 'axis', 0), data!.shape.length);
    const adds = stringAttribute(attributes, 'reduction', 'none') === 'add';
    const result = data!.data.slice();
    elementPositions('ScatterElements', data!.shape, indices!, axis).forEach((position, element) => {
      result[position] = (adds ? result[position]! : 0) + updates!.data[element]!;
    });
    return [{ dtype: data!.dtype, shape: data!.shape, data: result }];
  },
};

/** Indices are [N, 1]: rows of `data`. The rows must be distinct, since ONNX Runtime's kernel adds to them in parallel. */
export const scatterNDOperator: OperatorDeclaration = {
  name: 'ScatterND',
  domain: '',
  inputs: ['data', 'indices', 'updates'],
  attributes: { reduction: ['none', 'add'] },
  infer: ([data, indices, updates]) => {
    requireIntegers('ScatterND', indices!);
    requireSameType('ScatterND', [data, updates]);
    if (indices!.shape.length !== 2 || indices!.shape[1] !== 1)
      throw new GraphError('ScatterND', 'the indices must be [N, 1]', [data, indices, updates]);
    if (!sameShape(updates!.shape, [indices!.shape[0]!, ...data!.shape.slice(1)]))
      throw new GraphError('ScatterND', 'the updates are not one row for each index', [
        data,
        indices,
        updates,
      ]);
    return [{ dtype: data!.dtype, shape: data!.shape }];
  },
  evaluate: ([data, indices, updates], attributes) => {
    const adds = stringAttribute(attributes, 'reduction', 'none') === 'add';
    const width = sizeOf(data!.shape.slice(1));
    const result = data!.data.slice();
    indices!.data.forEach((index, update) => {
      const start = resolveIndex('ScatterND', index, data!.shape[0]!) * width;
      for (let i = 0; i < width; i++)
        result[start + i] = (adds ? result[start + i]! : 0) + updates!.data[update * width + i]!;
    });
    return [{ dtype: data!.dtype, shape: data!.shape, data: result }];
  },
};

/** The sorted distinct elements of a flat tensor (the first of ONNX's outputs). Their number is known when the graph runs. */
export const uniqueOperator: OperatorDeclaration = {
  name: 'Unique',
  domain: '',
  inputs: ['X'],
  attributes: { sorted: [1] },
  infer: ([x]) => {
    if (x!.shape.length !== 1) throw new GraphError('Unique', 'the input must be flat', [x]);
    return [{ dtype: x!.dtype, shape: [`distinct of ${x!.shape[0]}`] }];
  },
  evaluate: ([x]) => {
    const distinct = [...new Set(x!.data)].toSorted((a, b) => a - b);
    return [{ dtype: x!.dtype, shape: [distinct.length], data: Float64Array.from(distinct) }];
  },
};

/** Running sums along an axis, given as a constant scalar. */
export const cumSumOperator: OperatorDeclaration = {
  name: 'CumSum',
  domain: '',
  inputs: ['x', 'axis'],
  attributes: { exclusive: [0], reverse: [0] },
  infer: ([x, axis]) => {
    if (axis!.shape.length > 0) throw new GraphError('CumSum', 'the axis must be a scalar', [x, axis]);
    normalizeAxis('CumSum', constantIntegers('CumSum', axis, 'the axis')[0]!, x!.shape.length);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  evaluate: ([x, axis]) => {
    const { outer, extent, inner } = aroundAxis(
      x!.shape,
      normalizeAxis('CumSum', axis!.data[0]!, x!.shape.length),
    );
    const data = x!.data.slice();
    for (let before = 0; before < outer; before++)
      for (let position = 1; position < extent; position++)
        for (let after = 0; after < inner; after++)
          data[(before * extent + position) * inner + after]! +=
            data[(before * extent + position - 1) * inner + after]!;
    return [{ dtype: x!.dtype, shape: x!.shape, data }];
  },
};

/** Rows of `data` by index: axis `axis` is replaced by the shape of `indices`. */
export function gather(data: Value, indices: Value, axis = 0): Value {
  return builderOf(data).apply(gatherOperator, [data, indices], { axis: { type: 'int', value: axis } })[0]!;
}

/** One element per position of `indices`, found along `axis`. */
export function gatherElements(data: Value, indices: Value, axis: number): Value {
  return builderOf(data).apply(gatherElementsOperator, [data, indices], {
    axis: { type: 'int', value: axis },
  })[0]!;
}

/** A copy of `data` with `updates` put or added at the positions of `indices` along `axis`. */
export function scatterElements(
  data: Value,
  indices: Value,
  updates: Value,
  axis: number,
  reduction: 'none' | 'add',
): Value {
  return builderOf(data).apply(scatterElementsOperator, [data, indices, updates], {
    axis: { type: 'int', value: axis },
    reduction: { type: 'string', value: reduction },
  })[0]!;
}

/** `data` with `rows` ([N, …]) added at the distinct row numbers `indices` ([N]). */
export function addRows(data: Value, indices: Value, rows: Value): Value {
  return builderOf(data).apply(scatterNDOperator, [data, unsqueeze(indices, [1]), rows], {
    reduction: { type: 'string', value: 'add' },
  })[0]!;
}

/** The distinct elements of a flat tensor, in ascending order. */
export function unique(x: Value): Value {
  return builderOf(x).apply(uniqueOperator, [x], { sorted: { type: 'int', value: 1 } })[0]!;
}

/** Running sums along an axis. */
export function cumSum(x: Value, axis: number): Value {
  const builder = builderOf(x);
  return builder.apply(cumSumOperator, [x, builder.integer(axis)])[0]!;
}

export const indexingOperators: readonly OperatorDeclaration[] = [
  gatherOperator,
  gatherElementsOperator,
  scatterElementsOperator,
  scatterNDOperator,
  uniqueOperator,
  cumSumOperator,
];
