import { builderOf } from '../builder.ts';
import { intAttribute, intsAttribute } from '../operators/declaration.ts';
import { sub } from '../operators/elementwise.ts';
import { clampBound, concat, padWithZeros, reshape, slice, split, transpose } from '../operators/layout.ts';
import { GraphError } from '../shape-error.ts';
import { fixedShape, normalizeAxis } from '../shapes.ts';
import type { Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

/** The elements of a constant list of integers. */
function integersOf(value: Value): readonly number[] {
  return Array.from(builderOf(value).constantOf(value)!.data as BigInt64Array, Number);
}

/** Takes a gradient back to the shape of the input. */
const backToShape: GradientRule = ofOne((g, [x]) => [reshape(g, fixedShape('Reshape', x!))]);

export const layoutGradients: Readonly<Record<string, GradientRule>> = {
  Identity: ofOne((g) => [g]),
  Reshape: backToShape,
  Unsqueeze: backToShape,
  Transpose: ofOne((g, [x], _, attributes) => {
    const permutation =
      intsAttribute(attributes, 'perm') ?? x!.shape.map((__, axis) => x!.shape.length - 1 - axis);
    return [
      transpose(
        g,
        permutation.map((__, axis) => permutation.indexOf(axis)),
      ),
    ];
  }),
  Concat: ofOne((g, inputs, _, attributes) => {
    const axis = normalizeAxis('Concat', intAttribute(attributes, 'axis', 0), g.shape.length);
    return split(
      g,
      inputs.map((input) => fixedShape('Concat', input)[axis]!),
      axis,
    );
  }),
  Split: ({ inputs, outputs, outputGradients, attributes }) => {
    const parts = integersOf(inputs[1]!).map((_, index) => {
      const output = outputs[index];
      if (output === undefined) throw new GraphError('Split', 'the gradient needs all parts', inputs);
      // A part that the loss does not depend on contributes zeros (x − x, so that no constant of its size is kept).
      return outputGradients[index] ?? sub(output, output);
    });
    return [concat(parts, intAttribute(attributes, 'axis', 0)), ...inputs.slice(1).map(() => undefined)];
  },
  Slice: ofOne((g, [x, starts, ends, axes]) => {
    const axis = normalizeAxis('Slice', integersOf(axes!)[0]!, x!.shape.length);
    const extent = fixedShape('Slice', x!)[axis]!;
    const [from, to] = [starts!, ends!].map((bound) => clampBound(integersOf(bound)[0]!, extent)) as [
      number,
      number,
    ];
    return [padWithZeros(g, axis, from, extent - Math.max(from, to))];
  }),
  Pad: ofOne((g, [x, pads]) => {
    const before = integersOf(pads!);
    const cut = fixedShape('Pad', x!).reduce(
      (rest, extent, axis) =>
        extent === g.shape[axis] ? rest : slice(rest, axis, before[axis]!, before[axis]! + extent),
      g,
    );
    return [cut];
  }),
  Expand: ofOne((g, [x]) => [unbroadcast(g, x!)]),
};
