import { fromBinary } from '@bufbuild/protobuf';
import { LoamError } from '../../../shared/errors.ts';
import { GraphBuilder } from './builder.ts';
import { dataTypeOf, elementArrays } from './data-types.ts';
import type { AttributeProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './onnx/onnx_pb.js';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataLocation } from './onnx/onnx_pb.js';
import { operatorDeclaration } from './operators/table.ts';
import { GraphError } from './shape-error.ts';
import type {
  Attribute,
  DataType,
  Graph,
  HostTensor,
  OperatorDomain,
  TensorData,
  TensorType,
  Value,
} from './types.ts';

/**
 * Reads `length` bytes of an external data file, from `offset`; all from there when no length is given. `file` is a
 * relative path that stays inside the model's folder.
 */
export type ExternalReader = (file: string, offset: number, length: number | undefined) => Uint8Array;

/** The oldest operator set whose Softmax, ReduceSum, Unsqueeze … mean what the declarations say. */
const oldestOperatorSet = 13;

/**
 * Reads an ONNX model (ModelProto) of the operators that Loam knows, checking its shapes again. Values inside the graph
 * get new names; inputs and outputs keep theirs.
 * @param name what to call the file in errors.
 * @throws LoamError when the bytes are no ONNX model, or use something that Loam does not know.
 */
export function readGraph(bytes: Uint8Array, name: string, readExternal?: ExternalReader): Graph {
  const model = parse(bytes, name);
  try {
    checkOperatorSets(model, name);
    return buildGraph(model, name, readExternal);
  } catch (error) {
    if (error instanceof GraphError) throw foreign(name, error.message.replace(/\.$/, ''), error);
    throw error;
  }
}

function checkOperatorSets(model: ModelProto, name: string): void {
  const standard = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (standard === undefined || standard.version < oldestOperatorSet)
    throw foreign(
      name,
      `it uses ONNX's operator set ${standard?.version ?? 0}; sets from ${oldestOperatorSet} on are known`,
    );
}

function buildGraph(model: ModelProto, name: string, readExternal: ExternalReader | undefined): Graph {
  const { graph } = model;
  if (graph === undefined) throw foreign(name, 'the model has no graph');
  if (graph.sparseInitializer.length > 0) throw foreign(name, 'sparse tensors are not known');
  const builder = new GraphBuilder(graph.name);
  const values = new Map<string, Value>();
  const define = (key: string, value: Value): void => {
    if (values.has(key)) throw foreign(name, `'${key}' is computed twice`);
    values.set(key, value);
  };
  const initializers = new Set(graph.initializer.map((tensor) => tensor.name));
  for (const input of graph.input) {
    if (initializers.has(input.name)) continue;
    const { dtype, shape } = tensorType(input, name);
    define(input.name, builder.input(input.name, dtype, shape));
  }
  for (const tensor of graph.initializer)
    define(tensor.name, builder.constant(hostTensor(tensor, name, readExternal), tensor.name));
  for (const node of graph.node) {
    const outputs = builder.apply(
      operatorDeclaration(node.opType, operatorDomain(node, name)),
      node.input.map((input) => {
        const value = values.get(input);
        if (value === undefined && input !== '')
          throw foreign(name, `node '${node.name}' reads '${input}', which nothing computes before it`);
        return value;
      }),
      Object.fromEntries(node.attribute.map((attribute) => [attribute.name, readAttribute(attribute, name)])),
      node.output.map((output) => output !== ''),
    );
    node.output.filter((output) => output !== '').forEach((output, index) => define(output, outputs[index]!));
  }
  for (const output of graph.output) {
    const value = values.get(output.name);
    if (value === undefined) throw foreign(name, `the output '${output.name}' is not computed`);
    builder.output(output.name, value);
  }
  return builder.finish();
}

function operatorDomain(node: NodeProto, name: string): OperatorDomain {
  switch (node.domain) {
    case '':
    case 'ai.onnx':
      return '';
    case 'com.microsoft':
      return 'com.microsoft';
    default:
      throw foreign(name, `operators of '${node.domain}' are not known`);
  }
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

function foreign(name: string, what: string, cause?: unknown): LoamError {
  return new LoamError(
    {
      kind: 'input',
      what: `This ONNX model cannot be read: ${what}.`,
      where: name,
      remedy: 'Export the model again, or open it in the program that it was made for.',
    },
    { cause },
  );
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

function elementType(onnxNumber: number, tensor: string, name: string): DataType {
  const dtype = dataTypeOf(onnxNumber);
  if (dtype === undefined)
    throw foreign(name, `'${tensor}' has ONNX's element type ${onnxNumber}, which is not known`);
  return dtype;
}

function tensorType(info: ValueInfoProto, name: string): TensorType {
  const tensor = info.type?.value;
  if (tensor?.case !== 'tensorType') throw foreign(name, `'${info.name}' is no tensor`);
  return {
    dtype: elementType(tensor.value.elemType, info.name, name),
    shape: (tensor.value.shape?.dim ?? []).map((dimension, axis) =>
      dimension.value.case === 'dimValue'
        ? Number(dimension.value.value)
        : (dimension.value.value ?? `${info.name}.${axis}`),
    ),
  };
}

function hostTensor(tensor: TensorProto, name: string, readExternal: ExternalReader | undefined): HostTensor {
  const dtype = elementType(tensor.dataType, tensor.name, name);
  const shape = tensor.dims.map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = elements(tensor, dtype, externalBytes(tensor, name, readExternal));
  if (shape.some((extent) => extent < 0) || data?.length !== count)
    throw foreign(name, `the elements of '${tensor.name}' do not fill [${shape.join(', ')}]`);
  return { dtype, shape, data };
}

/** The bytes of a tensor that lies in another file; undefined for one in the model itself. */
function externalBytes(
  tensor: TensorProto,
  name: string,
  readExternal: ExternalReader | undefined,
): Uint8Array | undefined {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return undefined;
  if (readExternal === undefined) throw foreign(name, `the elements of '${tensor.name}' lie in another file`);
  const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
  const file = entries.get('location') ?? '';
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : undefined;
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (/^$|^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(file) || !isCount(offset) || !isCount(length ?? 0))
    throw foreign(name, `the elements of '${tensor.name}' lie in no file of the model's folder`);
  return readExternal(file, offset, length);
}

/** The elements of a tensor; undefined when its bytes are no whole number of them. */
function elements(
  tensor: TensorProto,
  dtype: DataType,
  external: Uint8Array | undefined,
): TensorData | undefined {
  const raw = external ?? (tensor.rawData.length > 0 ? tensor.rawData : undefined);
  if (raw !== undefined) {
    const ElementArray = elementArrays[dtype];
    return raw.byteLength % ElementArray.BYTES_PER_ELEMENT === 0
      ? // A copy that begins its own memory: what a Buffer's slice gives lies somewhere in a pool.
        new ElementArray(new Uint8Array(raw).buffer)
      : undefined;
  }
  switch (dtype) {
    case 'float32':
      return Float32Array.from(tensor.floatData);
    case 'int64':
      return BigInt64Array.from(tensor.int64Data);
    case 'int32':
      return Int32Array.from(tensor.int32Data);
    case 'float16':
      return Uint16Array.from(tensor.int32Data);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(tensor.int32Data);
  }
}
