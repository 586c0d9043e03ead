import type { RealTensor } from '../../graph/operators/declaration.ts';
import { operatorDeclaration } from '../../graph/operators/table.ts';
import { describeType } from '../../graph/shape-error.ts';
import type { Graph, HostTensor, Value } from '../../graph/types.ts';

/** A host tensor as float64 numbers, whatever its element type. float16 comes as bits and is widened. */
export function toReal(tensor: HostTensor): RealTensor {
  const data =
    tensor.dtype === 'float16'
      ? Float64Array.from(new Float16Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length))
      : Float64Array.from(tensor.data, Number);
  return { dtype: tensor.dtype, shape: tensor.shape, data };
}

/**
 * Evaluates a graph in float64, one operator after another, by the operators' own definitions: slow, and the authority
 * that engines' kernels and gradients are compared with. Inputs and results are by name.
 * @throws RangeError when an input is missing or of another type than the graph's.
 */
export function evaluateGraph(
  graph: Graph,
  inputs: Readonly<Record<string, RealTensor>>,
): Readonly<Record<string, RealTensor>> {
  const known = new Map<Value, RealTensor>();
  for (const [value, tensor] of graph.constants) known.set(value, toReal(tensor));
  for (const input of graph.inputs) {
    const tensor = inputs[input.name];
    if (tensor === undefined) throw new RangeError(`No tensor was given for the input '${input.name}'.`);
    if (!fits(tensor, input))
      throw new RangeError(
        `The input '${input.name}' is ${describeType(input)}, not ${describeType(tensor)}.`,
      );
    known.set(input, tensor);
  }
  for (const node of graph.nodes) {
    const declaration = operatorDeclaration(node.operator, node.domain);
    const results = declaration.evaluate(
      node.inputs.map((input) => (input === undefined ? undefined : known.get(input))),
      node.attributes,
    );
    node.outputs.forEach((output, index) => {
      if (output !== undefined) known.set(output, results[index]!);
    });
  }
  return Object.fromEntries(graph.outputs.map((output) => [output.name, known.get(output.value)!]));
}

/** Whether a tensor is of a value's type; open dimensions take any extent. */
function fits(tensor: RealTensor, { dtype, shape }: Value): boolean {
  return (
    tensor.dtype === dtype &&
    tensor.shape.length === shape.length &&
    shape.every((extent, axis) => typeof extent === 'string' || extent === tensor.shape[axis])
  );
}
