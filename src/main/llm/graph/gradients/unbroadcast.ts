import { reduceSum } from '../operators/reduction.ts';
import { reshape } from '../operators/layout.ts';
import { sameShape } from '../shapes.ts';
import type { Value } from '../types.ts';

/** Undoes broadcasting: sums a gradient over the axes along which `target` was repeated. */
export function unbroadcast(gradient: Value, target: Value): Value {
  if (sameShape(gradient.shape, target.shape)) return gradient;
  const added = gradient.shape.length - target.shape.length;
  const repeated = gradient.shape.flatMap((dimension, axis) =>
    axis < added || (target.shape[axis - added] === 1 && dimension !== 1) ? [axis] : [],
  );
  const summed = repeated.length === 0 ? gradient : reduceSum(gradient, repeated, added === 0);
  if (sameShape(summed.shape, target.shape)) return summed;
  return reshape(
    summed,
    target.shape.map((dimension) => (typeof dimension === 'number' ? dimension : -1)),
  );
}
