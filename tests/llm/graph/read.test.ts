import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  SparseTensorProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type ModelProto,
} from '../../../src/main/llm/graph/onnx/onnx_pb.js';
import { add, mul } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { concat, reshape } from '../../../src/main/llm/graph/operators/layout.ts';
import { readGraph, readInterface } from '../../../src/main/llm/graph/read.ts';
import { serializeGraph } from '../../../src/main/llm/graph/serialize.ts';
import type { DataType } from '../../../src/main/llm/graph/types.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { evaluateInFloat64 } from '../engines/parity/run-graph.ts';

/** y = reshape(concat(x·2, w), [4]) */
function smallModel(): Uint8Array {
  const builder = new GraphBuilder('small');
  const x = builder.input('x', 'float32', [1, 2]);
  const weight = builder.constant({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(5, 7) }, 'weight');
  builder.output('y', reshape(concat([mul(x, 2), add(weight, weight)], 0), [4]));
  return serializeGraph(builder.finish());
}

function changed(change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, smallModel());
  change(model);
  return toBinary(ModelProtoSchema, model);
}

function errorOf(action: () => unknown): LoamError {
  try {
    action();
  } catch (error) {
    if (error instanceof LoamError) return error;
    throw error;
  }
  throw new Error('No error was raised.');
}

const node = (opType: string, input: readonly string[], output: readonly string[], domain = '') =>
  create(NodeProtoSchema, { name: 'added', opType, input: [...input], output: [...output], domain });

test('a model is read from any stretch of memory, also from the middle of a pool', () => {
  const whole = smallModel();
  const pool = new Uint8Array(whole.length + 3);
  pool.set(whole, 3);
  for (const bytes of [pool.subarray(3), Buffer.from(whole)])
    expect(readGraph(bytes, 'small')).toEqual(readGraph(whole, 'small'));
});

describe('A model that Loam cannot read says why', () => {
  const problems: Readonly<Record<string, (model: ModelProto) => void>> = {
    'the model has no graph': (model) => delete model.graph,
    "it uses ONNX's operator set 11; sets from 13 on are known": (model) => {
      model.opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 11n })];
    },
    "it uses ONNX's operator set 0; sets from 13 on are known": (model) => {
      model.opsetImport = [];
    },
    'Conv: Loam does not know this operator': (model) => {
      model.graph!.node.push(node('Conv', ['x'], ['z']));
    },
    "operators of 'ai.onnx.ml' are not known": (model) => {
      model.graph!.node.push(node('Scaler', ['x'], ['z'], 'ai.onnx.ml'));
    },
    "node 'added' reads 'nothing', which nothing computes before it": (model) => {
      model.graph!.node.push(node('Neg', ['nothing'], ['z']));
    },
    "the output 'z' is not computed": (model) => {
      model.graph!.output[0]!.name = 'z';
    },
    "'y' is computed twice": (model) => {
      model.graph!.node.push(node('Neg', ['x'], ['y']));
    },
    'Neg: it has 1 outputs, not 2. Inputs: float32[1, 2]': (model) => {
      model.graph!.node.push(node('Neg', ['x'], ['z', 'more']));
    },
    'MatMul: the inner dimensions differ (2 against 1). Inputs: float32[1, 2], float32[1, 2]': (model) => {
      model.graph!.node.push(node('MatMul', ['x', 'x'], ['z']));
    },
    "attribute 'value' has a type that is not known": (model) => {
      const added = node('Neg', ['x'], ['z']);
      added.attribute.push(
        create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR }),
      );
      model.graph!.node.push(added);
    },
    'Neg: the attribute axes = 1,2 is not supported. Inputs: float32[1, 2]': (model) => {
      const added = node('Neg', ['x'], ['z']);
      added.attribute.push(
        create(AttributeProtoSchema, {
          name: 'axes',
          type: AttributeProto_AttributeType.INTS,
          ints: [1n, 2n],
        }),
      );
      model.graph!.node.push(added);
    },
    'sparse tensors are not known': (model) => {
      model.graph!.sparseInitializer.push(create(SparseTensorProtoSchema));
    },
    "the elements of 'w' do not fill [3]": (model) => {
      model.graph!.initializer.push(
        create(TensorProtoSchema, { name: 'w', dataType: 1, dims: [3n], rawData: new Uint8Array(8) }),
      );
    },
    "the elements of 'w' do not fill [2]": (model) => {
      model.graph!.initializer.push(
        create(TensorProtoSchema, { name: 'w', dataType: 1, dims: [2n], rawData: new Uint8Array(7) }),
      );
    },
    "the elements of 'w' do not fill [-1, -2]": (model) => {
      model.graph!.initializer.push(
        create(TensorProtoSchema, { name: 'w', dataType: 1, dims: [-1n, -2n], rawData: new Uint8Array(8) }),
      );
    },
    "'w' has ONNX's element type 11, which is not known": (model) => {
      model.graph!.initializer.push(create(TensorProtoSchema, { name: 'w', dataType: 11 }));
    },
    "the elements of 'w' lie in another file": (model) => {
      model.graph!.initializer.push(
        create(TensorProtoSchema, {
          name: 'w',
          dataType: 1,
          dims: [1n],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
        }),
      );
    },
  };
  test.each(Object.entries(problems))('%s', (problem, change) => {
    const error = errorOf(() => readGraph(changed(change), 'their.onnx'));
    expect(error.what).toBe(`This ONNX model cannot be read: ${problem}.`);
    expect(error.where).toBe('their.onnx');
    expect(error.kind).toBe('input');
  });

  test.each([
    '/etc/passwd',
    '../secret',
    'a/../../secret',
    '..\\secret',
    'C:\\secret',
    '\\\\host\\secret',
    '',
  ])('weights outside the model’s folder: %j', (location) => {
    const bytes = changed((model) =>
      model.graph!.initializer.push(
        create(TensorProtoSchema, {
          name: 'w',
          dataType: 1,
          dims: [1n],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [{ key: 'location', value: location }],
        }),
      ),
    );
    const reader = () => {
      throw new Error('The file must not be opened.');
    };
    expect(errorOf(() => readGraph(bytes, 'their.onnx', reader)).what).toContain(
      "the elements of 'w' lie in no file of the model's folder",
    );
  });

  test('weights that the file beside it does not hold', () => {
    const bytes = changed((model) =>
      model.graph!.initializer.push(
        create(TensorProtoSchema, {
          name: 'w',
          dataType: 1,
          dims: [4n],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [{ key: 'location', value: 'weights/model.onnx_data' }],
        }),
      ),
    );
    expect(errorOf(() => readGraph(bytes, 'their.onnx', () => new Uint8Array(8))).what).toContain(
      "the elements of 'w' do not fill [4]",
    );
  });
});

describe('Damaged bytes', () => {
  const model = smallModel();

  test('cut off anywhere give a clear error', () => {
    for (let length = 0; length < model.length; length++) {
      const error = errorOf(() => readGraph(model.subarray(0, length), 'cut.onnx'));
      expect(error.where).toBe('cut.onnx');
    }
  });

  const readsOrExplains = (bytes: Uint8Array): void => {
    for (const read of [readGraph, readInterface]) {
      try {
        read(bytes, 'damaged.onnx');
      } catch (error) {
        if (!(error instanceof LoamError)) throw error;
      }
    }
  };

  test('of any kind give a graph or a clear error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readsOrExplains), { numRuns: 500 });
  });

  test('in a model give a graph or a clear error', () => {
    const place = fc.record({ at: fc.nat({ max: model.length - 1 }), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (places) => {
        const bytes = model.slice();
        for (const { at, byte } of places) bytes[at] = byte;
        readsOrExplains(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('A model of another program', () => {
  test('is read with its weights in typed fields instead of raw bytes', () => {
    const fields: readonly (readonly [
      DataType,
      number,
      Parameters<typeof create<typeof TensorProtoSchema>>[1],
    ])[] = [
      ['float32', 1, { floatData: [1.5, -2] }],
      ['uint8', 2, { int32Data: [1, 255] }],
      ['int32', 6, { int32Data: [1, -2] }],
      ['int64', 7, { int64Data: [1n, -2n] }],
      ['bool', 9, { int32Data: [1, 0] }],
      ['float16', 10, { int32Data: [0x3c00, 0xc000] }],
    ];
    const bytes = changed((model) => {
      for (const [dtype, dataType, data] of fields) {
        model.graph!.initializer.push(
          create(TensorProtoSchema, { name: dtype, dataType, dims: [2n], ...data }),
        );
        model.graph!.output.push({ ...model.graph!.output[0]!, name: dtype });
      }
    });
    const x = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) } as const;
    const results = evaluateInFloat64(readGraph(bytes, 'theirs.onnx'), { x });
    expect(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]))).toEqual({
      y: [2, 4, 10, 14],
      float32: [1.5, -2],
      uint8: [1, 255],
      int32: [1, -2],
      int64: [1, -2],
      bool: [1, 0],
      float16: [1, -2],
    });
  });

  test('may list its weights among its inputs, and names of its own that Loam would give', () => {
    const bytes = changed((model) => {
      const weight = model.graph!.initializer[0]!.name;
      model.graph!.input.push({ ...model.graph!.input[0]!, name: weight });
      model.graph!.input.push({ ...model.graph!.input[0]!, name: `${weight}_0` });
    });
    expect(readGraph(bytes, 'theirs.onnx').inputs).toHaveLength(2);
  });

  test('shows what it takes and gives, whatever its operators are', () => {
    const bytes = changed((model) => model.graph!.node.push(node('Conv', ['x'], ['z'])));
    const { inputs, outputs } = readInterface(bytes, 'theirs.onnx');
    expect(inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [1, 2] }]);
    expect(outputs).toEqual([{ name: 'y', dtype: 'float32', shape: [4] }]);
  });
});
