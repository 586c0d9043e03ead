import type { Attributes, Value } from '../types.ts';

/** What a gradient rule sees of the node that it differentiates. */
export interface GradientContext {
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  /** The loss's gradient with respect to each output; undefined where the loss does not depend on it. */
  readonly outputGradients: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

/**
 * From the gradients of a node's outputs to those of its inputs, in the same vocabulary of operators. Undefined where
 * nothing flows back. What a rule adds for inputs that need no gradient is pruned with the graph.
 */
export type GradientRule = (context: GradientContext) => readonly (Value | undefined)[];

/** The context of a node with one output, unpacked: (gradient, inputs, output). */
export function ofOne(
  rule: (
    gradient: Value,
    inputs: readonly Value[],
    output: Value,
    attributes: Attributes,
  ) => readonly (Value | undefined)[],
): GradientRule {
  return ({ inputs, outputs, outputGradients, attributes }) => {
    const gradient = outputGradients[0];
    return gradient === undefined
      ? inputs.map(() => undefined)
      : rule(gradient, inputs as readonly Value[], outputs[0]!, attributes);
  };
}
