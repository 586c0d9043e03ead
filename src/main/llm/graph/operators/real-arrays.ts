import type { RealTensor } from './declaration.ts';

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = Array.from<number>({ length: shape.length });
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Applies `compute` to each element. */
export function mapReal(input: RealTensor, compute: (x: number) => number): RealTensor {
  return { dtype: input.dtype, shape: input.shape, data: input.data.map(compute) };
}

/** The shape to which concrete shapes broadcast. */
export function broadcastExtents(...shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce((extent, shape) => {
      const own = shape[axis - rank + shape.length] ?? 1;
      return own === 1 ? extent : own;
    }, 1),
  );
}

/**
 * Where each element of the broadcast result finds its element in an input of shape `from`: one flat index for each
 * element of `to`.
 */
export function broadcastIndices(from: readonly number[], to: readonly number[]): Int32Array {
  const offset = to.length - from.length;
  const strides = stridesOf(from);
  const effective = to.map((_, axis) =>
    axis < offset || from[axis - offset] === 1 ? 0 : strides[axis - offset]!,
  );
  const indices = new Int32Array(sizeOf(to));
  const position = to.map(() => 0);
  let source = 0;
  for (let element = 0; element < indices.length; element++) {
    indices[element] = source;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      position[axis] = position[axis]! + 1;
      source += effective[axis]!;
      if (position[axis]! < to[axis]!) break;
      source -= effective[axis]! * to[axis]!;
      position[axis] = 0;
    }
  }
  return indices;
}

/** Combines two tensors element by element, with broadcasting. */
export function zipReal(
  a: RealTensor,
  b: RealTensor,
  compute: (x: number, y: number) => number,
  dtype = a.dtype,
): RealTensor {
  const shape = broadcastExtents(a.shape, b.shape);
  const left = broadcastIndices(a.shape, shape);
  const right = broadcastIndices(b.shape, shape);
  return {
    dtype,
    shape,
    data: Float64Array.from(left, (index, element) => compute(a.data[index]!, b.data[right[element]!]!)),
  };
}

/** Splits a shape at an axis: elements before it, along it and after it. */
export function aroundAxis(
  shape: readonly number[],
  axis: number,
): { readonly outer: number; readonly extent: number; readonly inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), extent: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
