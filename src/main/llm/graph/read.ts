import { fromBinary } from '@bufbuild/protobuf';
import { LoamError } from '../../../shared/errors.ts';
import { GraphBuilder } from './builder.ts';
import type { AttributeProto, ModelProto, TensorProto, ValueInfoProto } from './onnx/onnx_pb.js';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataLocation } from './onnx/onnx_pb.js';
import { dataTypeOf } from './operators/elementwise.ts';
import { operatorDeclaration } from './operators/table.ts';
import type { Attribute, Graph, HostTensor, OperatorDomain, TensorData, TensorType, Value } from './types.ts';

/** Reads `length` bytes of an external data file, from `offset`. */
export type ExternalReader = (file: string, offset: number, length: number | undefined) => Uint8Array;

/**
 * Reads an ONNX model (ModelProto) of the operators that Loam knows, checking its shapes again.
 * @param name what to call the file in errors.
 * @throws LoamError when the bytes are no ONNX model, or use something that Loam does not know.
 */
export function readGraph(bytes: Uint8Array, name: string, readExternal?: ExternalReader): Graph {
  const model = parse(bytes, name);
  const graph = model.graph;
  if (graph === undefined) throw foreign(name, 'the model has no graph');
  const builder = new GraphBuilder(graph.name);
  const values = new Map<string, Value>();
  for (const tensor of graph.initializer)
    values.set(tensor.name, builder.constant(hostTensor(tensor, name, readExternal), tensor.name));
  for (const input of graph.input) {
    if (values.has(input.name)) continue;
    const type = tensorType(input, name);
    values.set(input.name, builder.input(input.name, type.dtype, type.shape));
  }
  for (const node of graph.node) {
    if (node.domain !== '' && node.domain !== 'com.microsoft' && node.domain !== 'ai.onnx')
      throw foreign(name, `operators of '${node.domain}' are not known`);
    const domain: OperatorDomain = node.domain === 'com.microsoft' ? 'com.microsoft' : '';
    const inputs = node.input.map((input) => {
      if (input === '') return undefined;
      const value = values.get(input);
      if (value === undefined)
        throw foreign(name, `node '${node.name}' reads '${input}', which nothing computes before it`);
      return value;
    });
    const attributes = Object.fromEntries(
      node.attribute.map((attribute) => [attribute.name, readAttribute(attribute, name)]),
    );
    const outputs = builder.apply(
      operatorDeclaration(node.opType, domain),
      inputs,
      attributes,
      node.output.map((output) => output !== ''),
    );
    node.output
      .filter((output) => output !== '')
      .forEach((output, index) => values.set(output, outputs[index]!));
  }
  for (const output of graph.output) {
    const value = values.get(output.name);
    if (value === undefined) throw foreign(name, `the output '${output.name}' is not computed`);
    builder.output(output.name, value);
  }
  return builder.finish();
}

/**
 * What an ONNX model takes and gives, whatever operators it is made of.
 * @throws LoamError when the bytes are no ONNX model
 */
export function readInterface(
  bytes: Uint8Array,
  name: string,
): { readonly inputs: readonly Value[]; readonly outputs: readonly Value[] } {
  const { graph } = parse(bytes, name);
  if (graph === undefined) throw foreign(name, 'the model has no graph');
  const initializers = new Set(graph.initializer.map((tensor) => tensor.name));
  const typed = (info: ValueInfoProto): Value => ({ name: info.name, ...tensorType(info, name) });
  return {
    inputs: graph.input.filter((input) => !initializers.has(input.name)).map(typed),
    outputs: graph.output.map(typed),
  };
}

function parse(bytes: Uint8Array, name: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new LoamError(
      {
        kind: 'input',
        what: 'This is not an ONNX model, or it was cut off.',
        where: name,
        remedy: 'Choose a .onnx file that was written whole.',
      },
      { cause },
    );
  }
}

function foreign(name: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    what: `This ONNX model cannot be read: ${what}.`,
    where: name,
    remedy: 'Export the model again, or open it in the program that it was made for.',
  });
}

function readAttribute(attribute: AttributeProto, name: string): Attribute {
  switch (attribute.type) {
    case AttributeProto_AttributeType.INT:
      return { type: 'int', value: Number(attribute.i) };
    case AttributeProto_AttributeType.FLOAT:
      return { type: 'float', value: attribute.f };
    case AttributeProto_AttributeType.STRING:
      return { type: 'string', value: new TextDecoder().decode(attribute.s) };
    case AttributeProto_AttributeType.INTS:
      return { type: 'ints', value: attribute.ints.map(Number) };
    case AttributeProto_AttributeType.FLOATS:
      return { type: 'floats', value: attribute.floats };
    default:
      throw foreign(name, `attribute '${attribute.name}' has a type that is not known`);
  }
}

function tensorType(info: ValueInfoProto, name: string): TensorType {
  const tensor = info.type?.value;
  if (tensor?.case !== 'tensorType') throw foreign(name, `'${info.name}' is no tensor`);
  return {
    dtype: dataTypeOf(tensor.value.elemType),
    shape: (tensor.value.shape?.dim ?? []).map((dimension, axis) =>
      dimension.value.case === 'dimValue'
        ? Number(dimension.value.value)
        : (dimension.value.value ?? `${info.name}.${axis}`),
    ),
  };
}

/** Elements per byte width, as the typed array that holds them. */
function typedArray(dtype: HostTensor['dtype'], bytes: Uint8Array): TensorData {
  const buffer = bytes.slice().buffer;
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16':
      return new Uint16Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
  }
}

function hostTensor(tensor: TensorProto, name: string, readExternal: ExternalReader | undefined): HostTensor {
  const dtype = dataTypeOf(tensor.dataType);
  const shape = tensor.dims.map(Number);
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    if (readExternal === undefined)
      throw foreign(name, `the elements of '${tensor.name}' lie in another file`);
    const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
    const length = entries.get('length');
    return {
      dtype,
      shape,
      data: typedArray(
        dtype,
        readExternal(
          entries.get('location') ?? '',
          Number(entries.get('offset') ?? 0),
          length === undefined ? undefined : Number(length),
        ),
      ),
    };
  }
  if (tensor.rawData.length > 0) return { dtype, shape, data: typedArray(dtype, tensor.rawData) };
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(tensor.floatData) };
    case 'int64':
      return { dtype, shape, data: BigInt64Array.from(tensor.int64Data) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(tensor.int32Data) };
    case 'float16':
      return { dtype, shape, data: Uint16Array.from(tensor.int32Data) };
    case 'uint8':
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(tensor.int32Data) };
  }
}
