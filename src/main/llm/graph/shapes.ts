import { GraphError } from './shape-error.ts';
import type { Dimension, Shape, TensorType } from './types.ts';

/** The one dimension that two broadcast to, or undefined when they do not fit. */
function broadcastDimension(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  return undefined;
}

/** ONNX's multidirectional broadcasting (Broadcasting in ONNX, "Multidirectional Broadcasting"). */
export function broadcastShapes(operator: string, a: TensorType, b: TensorType): Shape {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a.shape[axis - rank + a.shape.length] ?? 1;
    const right = b.shape[axis - rank + b.shape.length] ?? 1;
    const dimension = broadcastDimension(left, right);
    if (dimension === undefined)
      throw new GraphError(operator, `the shapes do not broadcast (${left} against ${right})`, [a, b]);
    return dimension;
  });
}

/** Turns a negative axis into the one it counts to from the end. */
export function normalizeAxis(operator: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (normalized < 0 || normalized >= rank)
    throw new GraphError(operator, `axis ${axis} does not exist in a tensor of rank ${rank}`);
  return normalized;
}

/** Number of elements of a shape, or undefined when a dimension is symbolic. */
export function elementCount(shape: Shape): number | undefined {
  let count = 1;
  for (const dimension of shape) {
    if (typeof dimension === 'string') return undefined;
    count *= dimension;
  }
  return count;
}

/** The extents of a shape that must be known when the graph is built. */
export function fixedShape(operator: string, type: TensorType): readonly number[] {
  return type.shape.map((dimension) => {
    if (typeof dimension === 'string')
      throw new GraphError(operator, `dimension '${dimension}' must be known when the graph is built`, [
        type,
      ]);
    return dimension;
  });
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}
