import type {
  Attributes,
  DataType,
  Graph,
  GraphNode,
  HostTensor,
  OperatorDomain,
  Shape,
  Value,
} from '../../../../src/main/llm/graph/types.ts';

/** Graphs written down node by node, without the project's own builder, for tests of the engine alone. */
export function value(name: string, dtype: DataType, shape: Shape): Value {
  return { name, dtype, shape };
}

export function node(
  operator: string,
  inputs: readonly (Value | undefined)[],
  outputs: readonly (Value | undefined)[],
  attributes: Attributes = {},
  domain: OperatorDomain = '',
): GraphNode {
  return {
    name: `${operator}-${outputs.find((output) => output !== undefined)?.name}`,
    operator,
    domain,
    inputs,
    outputs,
    attributes,
  };
}

export function graph(parts: {
  readonly name?: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[] | readonly { readonly name: string; readonly value: Value }[];
  readonly nodes: readonly GraphNode[];
  readonly constants?: readonly (readonly [Value, HostTensor])[];
  readonly aliases?: Readonly<Record<string, string>>;
}): Graph {
  return {
    name: parts.name ?? 'test',
    inputs: parts.inputs,
    outputs: parts.outputs.map((output) =>
      'value' in output ? output : { name: output.name, value: output },
    ),
    nodes: parts.nodes,
    constants: new Map(parts.constants),
    aliases: new Map(Object.entries(parts.aliases ?? {})),
  };
}

/** y = x·w for float32 matrices. */
export function matrixProduct(rows: number | string, inner: number, columns: number): Graph {
  const x = value('x', 'float32', [rows, inner]);
  const w = value('w', 'float32', [inner, columns]);
  const y = value('y', 'float32', [rows, columns]);
  return graph({ inputs: [x, w], outputs: [y], nodes: [node('MatMul', [x, w], [y])] });
}

/** Figures without a pattern that a test can do without a generator's state. */
export function figures(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin((index + 1) * 12.9898 * seed) * 1.5);
}
