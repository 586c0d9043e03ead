import { intAttribute } from '../operators/declaration.ts';
import { cast, div, equal, exp, mul, sub } from '../operators/elementwise.ts';
import { builderOf } from '../builder.ts';
import { expand, reshape } from '../operators/layout.ts';
import { reduceSum, reducedAxes } from '../operators/reduction.ts';
import { elementCount, fixedShape } from '../shapes.ts';
import type { Attributes, Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';

/** The axes that a node reduces, as its shape rule reads them. */
function axesOf([x, axes]: readonly Value[]): readonly number[] {
  const constant = axes === undefined ? undefined : builderOf(axes).constantOf(axes);
  return [...reducedAxes('gradient', x!.shape.length, constant && Array.from(constant.data, Number))];
}

/** Gives a reduced tensor its reduced axes back, with extent 1. */
function restoreAxes(reduced: Value, inputs: readonly Value[], attributes: Attributes): Value {
  if (intAttribute(attributes, 'keepdims', 1) === 1) return reduced;
  const axes = axesOf(inputs);
  return reshape(
    reduced,
    fixedShape('gradient', inputs[0]!).map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );
}

/** The gradient of a sum, repeated over what was summed. */
function spread(g: Value, inputs: readonly Value[], attributes: Attributes): Value {
  return expand(restoreAxes(g, inputs, attributes), fixedShape('Expand', inputs[0]!));
}

export const reductionGradients: Readonly<Record<string, GradientRule>> = {
  ReduceSum: ofOne((g, inputs, _, attributes) => [spread(g, inputs, attributes)]),
  ReduceMean: ofOne((g, inputs, y, attributes) => {
    const count =
      elementCount(fixedShape('ReduceMean', inputs[0]!))! / elementCount(fixedShape('ReduceMean', y))!;
    return [mul(spread(g, inputs, attributes), 1 / count)];
  }),
  /** Where several elements share the maximum, each takes an equal part. */
  ReduceMax: ofOne((g, inputs, y, attributes) => {
    const isMaximum = cast(equal(inputs[0]!, restoreAxes(y, inputs, attributes)), 'float32');
    return [mul(isMaximum, div(restoreAxes(g, inputs, attributes), reduceSum(isMaximum, axesOf(inputs))))];
  }),
  ReduceSumSquare: ofOne((g, inputs, _, attributes) => [
    mul(mul(inputs[0]!, 2), restoreAxes(g, inputs, attributes)),
  ]),
  Softmax: ofOne((g, _, y, attributes) => [
    mul(y, sub(g, reduceSum(mul(g, y), [intAttribute(attributes, 'axis', -1)]))),
  ]),
  LogSoftmax: ofOne((g, _, y, attributes) => [
    sub(g, mul(exp(y), reduceSum(g, [intAttribute(attributes, 'axis', -1)]))),
  ]),
};
