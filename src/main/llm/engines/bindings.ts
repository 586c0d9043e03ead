import type { Graph, Value } from '../graph/types.ts';
import type { DeviceTensor } from './engine.ts';
import { describeType } from './tensor-types.ts';

/** Finds an engine's own tensor behind an interface's. @throws TypeError when it belongs to another engine */
export type OwnTensor<Tensor extends DeviceTensor> = (tensor: DeviceTensor, what: string) => Tensor;

/**
 * Checks what a caller binds to a graph's names before any of it reaches an engine's library: every name once, no unknown
 * ones, types as the graph says, one extent for each symbolic dimension, and no tensor under two names except where an
 * output may lie in an input's memory. The tensors come back by name.
 * @param frozen inputs that are not bound
 * @throws Error that says which name and what is wrong
 */
export function checkBindings<Tensor extends DeviceTensor>(
  graph: Graph,
  frozen: { has(name: string): boolean },
  bindings: Readonly<Record<string, DeviceTensor>>,
  own: OwnTensor<Tensor>,
): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const extents = new Map<string, number>();
  const take = (value: Value, name: string, role: string): Tensor => {
    const bound = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (bound === undefined)
      throw new Error(`Graph ${graph.name}: no tensor is bound to its ${role} '${name}'.`);
    const tensor = own(bound, `Graph ${graph.name}: what is bound to its ${role} '${name}'`);
    checkType(
      tensor,
      value,
      extents,
      () => `Graph ${graph.name}: its ${role} '${name}' is ${describeType(value.dtype, value.shape)}`,
    );
    tensors.set(name, tensor);
    return tensor;
  };

  const readers = new Map<Tensor, readonly string[]>();
  const inputs = new Set(graph.inputs);
  for (const input of inputs) {
    if (frozen.has(input.name)) continue;
    const tensor = take(input, input.name, 'input');
    readers.set(tensor, [...(readers.get(tensor) ?? []), input.name]);
  }
  const written = new Map<Tensor, string>();
  for (const { name, value } of graph.outputs) {
    const tensor = take(value, name, 'output');
    const alias = inputs.has(value) ? value.name : graph.aliases.get(name);
    const reader = readers.get(tensor)?.find((each) => each !== alias);
    if (reader !== undefined)
      throw new Error(
        `Graph ${graph.name}: one tensor is bound to input '${reader}' and to output '${name}', which are no aliases.`,
      );
    const other = written.get(tensor);
    if (other !== undefined)
      throw new Error(`Graph ${graph.name}: one tensor is bound to two outputs, '${other}' and '${name}'.`);
    written.set(tensor, name);
  }
  if (Object.keys(bindings).length > tensors.size) {
    const unknown = Object.keys(bindings).find((name) => !tensors.has(name));
    throw new Error(`Graph ${graph.name} has no input or output '${unknown}'.`);
  }
  return tensors;
}

/** Checks the weights that are frozen into a program, and gives them back by name. @throws Error that says what is wrong */
export function checkFrozen<Tensor extends DeviceTensor>(
  graph: Graph,
  frozen: Readonly<Record<string, DeviceTensor>>,
  own: OwnTensor<Tensor>,
): ReadonlyMap<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [name, given] of Object.entries(frozen)) {
    const tensor = own(given, `Graph ${graph.name}: the frozen weight '${name}'`);
    const input = graph.inputs.find((value) => value.name === name);
    if (input === undefined) throw new Error(`Graph ${graph.name} has no input '${name}' to freeze.`);
    if ([...graph.aliases.values()].includes(name))
      throw new Error(`Graph ${graph.name}: its input '${name}' is written to and cannot be frozen.`);
    checkType(
      tensor,
      input,
      new Map(),
      () => `Graph ${graph.name}: its input '${name}' is ${describeType(input.dtype, input.shape)}`,
    );
    weights.set(name, tensor);
  }
  return weights;
}

/** Holds a tensor to a declared type; symbolic extents are noted in `extents` and must agree. */
function checkType(
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
