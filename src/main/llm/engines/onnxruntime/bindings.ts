import type { Value } from '../../graph/types.ts';
import type { DeviceTensor } from '../engine.ts';
import { describeType } from './data-types.ts';
import { ownTensor, type OnnxRuntimeTensor } from './device-tensor.ts';
import type { SessionPlan } from './session-plan.ts';

/**
 * Checks what a caller binds to a graph's names before any of it reaches ONNX Runtime: every name once, no unknown
 * ones, types as the graph says, one extent for each symbolic dimension, and no tensor under two names except where
 * an output may lie in an input's memory. The tensors come back by name.
 * @throws Error that says which name and what is wrong
 */
export function checkBindings(
  plan: SessionPlan,
  bindings: Readonly<Record<string, DeviceTensor>>,
): ReadonlyMap<string, OnnxRuntimeTensor> {
  const tensors = new Map<string, OnnxRuntimeTensor>();
  const extents = new Map<string, number>();
  const graphName = plan.graph.name;
  const take = (value: Value, name: string, role: string): OnnxRuntimeTensor => {
    const bound = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (bound === undefined)
      throw new Error(`Graph ${graphName}: no tensor is bound to its ${role} '${name}'.`);
    const tensor = ownTensor(bound, `Graph ${graphName}: what is bound to its ${role} '${name}'`);
    checkType(
      tensor,
      value,
      extents,
      () => `Graph ${graphName}: its ${role} '${name}' is ${describeType(value.dtype, value.shape)}`,
    );
    tensors.set(name, tensor);
    return tensor;
  };

  const readers = new Map<OnnxRuntimeTensor, readonly string[]>();
  for (const input of plan.inputs) {
    const tensor = take(input, input.name, 'input');
    readers.set(tensor, [...(readers.get(tensor) ?? []), input.name]);
  }
  const written = new Map<OnnxRuntimeTensor, string>();
  for (const output of plan.outputs) {
    const tensor = take(output.value, output.name, 'output');
    const alias =
      output.kind === 'computed'
        ? output.alias?.input
        : 'binding' in output.from
          ? output.from.binding
          : undefined;
    const reader = readers.get(tensor)?.find((name) => name !== alias);
    if (reader !== undefined)
      throw new Error(
        `Graph ${graphName}: one tensor is bound to input '${reader}' and to output '${output.name}', which are no aliases.`,
      );
    const other = written.get(tensor);
    if (other !== undefined)
      throw new Error(
        `Graph ${graphName}: one tensor is bound to two outputs, '${other}' and '${output.name}'.`,
      );
    written.set(tensor, output.name);
  }
  if (Object.keys(bindings).length > tensors.size) {
    const unknown = Object.keys(bindings).find((name) => !tensors.has(name));
    throw new Error(`Graph ${graphName} has no input or output '${unknown}'.`);
  }
  return tensors;
}

/** Holds a tensor to a declared type; symbolic extents are noted in `extents` and must agree. */
export function checkType(
  tensor: DeviceTensor,
  value: Value,
  extents: Map<string, number>,
  describe: () => string,
): void {
  const fits = tensor.dtype === value.dtype && tensor.shape.length === value.shape.length;
  if (!fits) throw new Error(`${describe()}; the tensor is ${describeType(tensor.dtype, tensor.shape)}.`);
  for (let axis = 0; axis < value.shape.length; axis++) {
    const declared = value.shape[axis];
    const actual = tensor.shape[axis];
    if (typeof declared === 'number') {
      if (declared !== actual)
        throw new Error(`${describe()}; the tensor is ${describeType(tensor.dtype, tensor.shape)}.`);
      continue;
    }
    if (declared === undefined || actual === undefined) continue;
    const known = extents.get(declared);
    if (known === undefined) extents.set(declared, actual);
    else if (known !== actual)
      throw new Error(
        `${describe()}; the tensor is ${describeType(tensor.dtype, tensor.shape)}, but '${declared}' is ${known} in another one.`,
      );
  }
}
