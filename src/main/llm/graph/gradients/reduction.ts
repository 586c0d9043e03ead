import { intAttribute } from '../operators/declaration.ts';
import { cast, div, equal, exp, mul, sub } from '../operators/elementwise.ts';
import { builderOf } from '../builder.ts';
import { expand, reshape } from '../operators/layout.ts';
import { reduceSum } from '../operators/reduction.ts';
import { elementCount, fixedShape, normalizeAxis } from '../shapes.ts';
import type { Attributes, Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';

/** Gives a reduced gradient its reduced axes back, with extent 1. */
function restoreAxes(reduced: Value, inputs: readonly Value[], attributes: Attributes): Value {
  if (intAttribute(attributes, 'keepdims', 1) === 1) return reduced;
  const [x, axes] = inputs as [Value, Value | undefined];
  const constant = axes === undefined ? undefined : builderOf(x).constantOf(axes);
  const dropped = new Set(
    constant === undefined
      ? x.shape.keys()
      : Array.from(constant.data as BigInt64Array, (axis) =>
          normalizeAxis('ReduceSum', Number(axis), x.shape.length),
        ),
  );
  return reshape(
    reduced,
    fixedShape('ReduceSum', x).map((extent, axis) => (dropped.has(axis) ? 1 : extent)),
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
    const constant = inputs[1] === undefined ? undefined : builderOf(y).constantOf(inputs[1]);
    const axes = constant === undefined ? undefined : Array.from(constant.data as BigInt64Array, Number);
    return [mul(isMaximum, div(restoreAxes(g, inputs, attributes), reduceSum(isMaximum, axes)))];
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
