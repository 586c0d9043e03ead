/** Element types of tensors, by ONNX's meaning. */
export type DataType = 'float32' | 'float16' | 'int64' | 'int32' | 'uint8' | 'bool';

/** A dimension's extent, or the name of one that is known only when the graph runs (`batch`, `sequence`). */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** What is known of a tensor before it exists. */
export interface TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** The arrays that hold tensors' elements on the host. float16 is held as its bits. */
export type TensorData = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor on the host: elements in row-major order. */
export interface HostTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** One attribute of a node, by ONNX's attribute types. */
export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] };

export type Attributes = Readonly<Record<string, Attribute>>;

/** '' is ONNX's own operator set; 'com.microsoft' holds ONNX Runtime's documented contrib operators. */
export type OperatorDomain = '' | 'com.microsoft';

/** A tensor that a graph computes or receives. Values are compared by identity; names are unique in their graph. */
export interface Value extends TensorType {
  readonly name: string;
}

/** One application of an operator. An input that is left out is undefined; so is an output that nobody asked for. */
export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: OperatorDomain;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

/** A graph's output: the name under which it is fetched, and the value behind it. */
export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

/**
 * A finished graph. Nodes stand in an order in which each one's inputs exist. Parameters are inputs like any other;
 * constants are part of the graph.
 */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<Value, HostTensor>;
  /**
   * Outputs that may be written into the memory of an input (output name → input name): accumulated gradients, KV
   * caches. The caller binds one tensor to both names, and the engine guarantees that the result is right.
   */
  readonly aliases: ReadonlyMap<string, string>;
}
