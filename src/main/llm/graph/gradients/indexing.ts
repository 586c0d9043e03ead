import { intAttribute, stringAttribute } from '../operators/declaration.ts';
import { cast, equal, sub } from '../operators/elementwise.ts';
import { addRows, gatherElements, scatterElements, unique } from '../operators/indexing.ts';
import { builderOf } from '../builder.ts';
import { reshape, unsqueeze } from '../operators/layout.ts';
import { matMul } from '../operators/matrix.ts';
import { GraphError } from '../shape-error.ts';
import { elementCount, fixedShape } from '../shapes.ts';
import type { Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';

/** Zeros like a tensor, as x − x: a constant of the size of an embedding would be kept in memory for good. */
function zerosLike(x: Value): Value {
  return sub(x, x);
}

export const indexingGradients: Readonly<Record<string, GradientRule>> = {
  /**
   * Rows that were looked up several times get the sum of their gradients. The sums are taken first, as a product with
   * the 0/1 matrix "distinct id × position", and each distinct row is then added once: ONNX Runtime's ScatterND loses
   * updates when a row occurs twice, and this way the order of the additions is fixed. Indices must not count from the end:
   * −1 and the last row would be two distinct ids of one row.
   */
  Gather: ofOne((g, [data, indices], _, attributes) => {
    if (intAttribute(attributes, 'axis', 0) !== 0)
      throw new GraphError('Gather', 'a gradient exists for axis 0 alone', [data, indices]);
    const count = elementCount(fixedShape('Gather', indices!))!;
    const width = fixedShape('Gather', data!).slice(1);
    const ids = reshape(indices!, [count]);
    const distinct = unique(ids);
    const membership = cast(equal(unsqueeze(distinct, [1]), unsqueeze(ids, [0])), 'float32');
    const sums = matMul(membership, reshape(g, [count, elementCount(width)!]));
    return [
      addRows(zerosLike(data!), distinct, width.length === 1 ? sums : reshape(sums, [-1, ...width])),
      undefined,
    ];
  }),
  GatherElements: ofOne((g, [data, indices], _, attributes) => [
    scatterElements(zerosLike(data!), indices!, g, intAttribute(attributes, 'axis', 0), 'add'),
    undefined,
  ]),
  /** Without addition, right for indices that name each element at most once. */
  ScatterElements: ofOne((g, [, indices, updates], _, attributes) => {
    const axis = intAttribute(attributes, 'axis', 0);
    const dUpdates = gatherElements(g, indices!, axis);
    if (stringAttribute(attributes, 'reduction', 'none') === 'add') return [g, undefined, dUpdates];
    const zeros = builderOf(g).constant({
      dtype: 'float32',
      shape: fixedShape('ScatterElements', updates!),
      data: new Float32Array(elementCount(updates!.shape)!),
    });
    return [scatterElements(g, indices!, zeros, axis, 'none'), undefined, dUpdates];
  }),
};
