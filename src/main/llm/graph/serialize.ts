import { create, toBinary } from '@bufbuild/protobuf';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './onnx/onnx_pb.js';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx/onnx_pb.js';
import { onnxDataTypes } from './data-types.ts';
import { GraphError } from './shape-error.ts';
import type { Attribute, Graph, GraphNode, HostTensor, TensorType, Value } from './types.ts';

/** The ONNX operator set that graphs are written in, and the file format's version that it came with. */
export const operatorSetVersion = 20;
const intermediateRepresentationVersion = 9;

/** Where a tensor's elements lie when they are not in the model file itself. */
export interface ExternalLocation {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface SerializeOptions {
  /** Inputs that become part of the model: their elements, or where these lie in a file beside the model. */
  readonly initializers?: ReadonlyMap<Value, HostTensor | ExternalLocation>;
  /** Kept in the model's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a graph as an ONNX model (ModelProto): one protobuf message of at most 2 GiB.
 * @throws GraphError when an output has the name of an input that it is not: ONNX gives a name once.
 */
export function serializeGraph(graph: Graph, options: SerializeOptions = {}): Uint8Array<ArrayBuffer> {
  const domains = new Set(graph.nodes.map((node) => node.domain));
  const nameOf = publicNames(graph);
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(intermediateRepresentationVersion),
    producerName: 'loam',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(operatorSetVersion) }),
      ...(domains.has('com.microsoft')
        ? [create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n })]
        : []),
    ],
    graph: create(GraphProtoSchema, {
      name: graph.name,
      node: [...graph.nodes.map((node) => nodeProto(node, nameOf)), ...copiedOutputs(graph, nameOf)],
      initializer: [...graph.constants, ...(options.initializers ?? [])].map(([value, elements]) =>
        tensorProto(nameOf(value), value, elements),
      ),
      input: graph.inputs
        .filter((input) => options.initializers?.has(input) !== true)
        .map((input) => valueInfo(input.name, input)),
      output: graph.outputs.map((output) => valueInfo(output.name, output.value)),
    }),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
  return toBinary(ModelProtoSchema, model);
}

/**
 * ONNX names a graph's output after the value behind it: a computed value takes the name of the (first) output that it
 * is, and values inside the graph make way for it.
 */
function publicNames(graph: Graph): (value: Value) => string {
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Map<Value, string>();
  for (const output of graph.outputs)
    if (computed.has(output.value) && !names.has(output.value)) names.set(output.value, output.name);

  const taken = new Set([
    ...graph.inputs.map((input) => input.name),
    ...graph.outputs.map((output) => output.name),
  ]);
  for (const input of graph.inputs) {
    if (graph.outputs.some((output) => output.name === input.name && output.value !== input))
      throw new GraphError('graph', `an input and an output are both named '${input.name}'`, [input]);
  }
  for (const value of [...graph.constants.keys(), ...computed]) {
    if (value === undefined || names.has(value)) continue;
    let name = value.name;
    while (taken.has(name)) name = `${name}_`;
    taken.add(name);
    names.set(value, name);
  }
  return (value) => names.get(value) ?? value.name;
}

/** Outputs that are inputs, constants or another output too: copies. */
function copiedOutputs(graph: Graph, nameOf: (value: Value) => string): NodeProto[] {
  return graph.outputs
    .filter((output) => output.name !== nameOf(output.value))
    .map((output) =>
      create(NodeProtoSchema, {
        name: `output/${output.name}`,
        opType: 'Identity',
        input: [nameOf(output.value)],
        output: [output.name],
      }),
    );
}

function nodeProto(node: GraphNode, nameOf: (value: Value) => string): NodeProto {
  const names = (values: readonly (Value | undefined)[]): string[] =>
    values.map((value) => (value === undefined ? '' : nameOf(value)));
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.operator,
    domain: node.domain,
    input: names(node.inputs),
    output: names(node.outputs),
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  });
}

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  switch (attribute.type) {
    case 'int':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INT,
        i: BigInt(attribute.value),
      });
    case 'float':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.FLOAT,
        f: attribute.value,
      });
    case 'string':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.STRING,
        s: new TextEncoder().encode(attribute.value),
      });
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INTS,
        ints: attribute.value.map(BigInt),
      });
    case 'floats':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.FLOATS,
        floats: [...attribute.value],
      });
  }
}

function tensorProto(name: string, value: Value, elements: HostTensor | ExternalLocation): TensorProto {
  const shape = {
    name,
    dims: value.shape.map((extent) => BigInt(extent)),
    dataType: onnxDataTypes[value.dtype],
  };
  if ('data' in elements) {
    return create(TensorProtoSchema, {
      ...shape,
      rawData: new Uint8Array(elements.data.buffer, elements.data.byteOffset, elements.data.byteLength),
    });
  }
  const location = {
    location: elements.file,
    offset: String(elements.offset),
    length: String(elements.length),
  };
  return create(TensorProtoSchema, {
    ...shape,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(location).map(([key, text]) =>
      create(StringStringEntryProtoSchema, { key, value: text }),
    ),
  });
}

function valueInfo(name: string, type: TensorType): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: onnxDataTypes[type.dtype],
          shape: create(TensorShapeProtoSchema, {
            dim: type.shape.map((dimension) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  typeof dimension === 'number'
                    ? { case: 'dimValue', value: BigInt(dimension) }
                    : { case: 'dimParam', value: dimension },
              }),
            ),
          }),
        }),
      },
    }),
  });
}
