import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { scaledDotProductAttention } from '../../../src/main/llm/graph/functions/attention.ts';
import { linearCrossEntropy } from '../../../src/main/llm/graph/functions/cross-entropy.ts';
import { rmsNormalization } from '../../../src/main/llm/graph/functions/rms-normalization.ts';
import { operatorDeclaration, operators } from '../../../src/main/llm/graph/operators/table.ts';
import { GraphError } from '../../../src/main/llm/graph/shape-error.ts';
import type { Attributes, DataType, Dimension, Value } from '../../../src/main/llm/graph/types.ts';

type Build = (builder: GraphBuilder) => unknown;

/** An input of a wrong graph, `float32[2, batch]`; or constant integers, `[0, 1]`; or nothing. */
function makeInput(builder: GraphBuilder, text: string, index: number): Value | undefined {
  if (text === '') return undefined;
  const [, dtype = '', list = ''] = /^(\w*)\[(.*)\]$/.exec(text) ?? [];
  const dimensions = list === '' ? [] : list.split(', ');
  if (dtype === '') return builder.integers(dimensions.map(Number));
  const shape = dimensions.map((dimension): Dimension =>
    /^\d+$/.test(dimension) ? Number(dimension) : dimension,
  );
  return builder.input(`input.${index}`, dtype as DataType, shape);
}

/** A node with these inputs and attributes. */
function node(operator: string, inputs: readonly string[], attributes: Attributes = {}, outputs = 1): Build {
  const domain = operator === 'GroupQueryAttention' ? 'com.microsoft' : '';
  return (builder) =>
    builder.apply(
      operatorDeclaration(operator, domain),
      inputs.map((input, index) => makeInput(builder, input, index)),
      attributes,
      outputs,
    );
}

const int = (value: number) => ({ type: 'int', value }) as const;
const text = (value: string) => ({ type: 'string', value }) as const;
const permutation = (...value: readonly number[]) => ({ perm: { type: 'ints', value } }) as const;

/** What a person who wrote the graph reads: operator, problem, inputs. */
const wrongGraphs: readonly (readonly [string, Build])[] = [
  [
    'Add: the shapes do not broadcast (3 against 4). Inputs: float32[2, 3], float32[4].',
    node('Add', ['float32[2, 3]', 'float32[4]']),
  ],
  [
    'Mul: the shapes do not broadcast (batch against 4). Inputs: float32[batch, 4], float32[4, 4].',
    node('Mul', ['float32[batch, 4]', 'float32[4, 4]']),
  ],
  ['Sub: the element types differ. Inputs: float32[2], int64[2].', node('Sub', ['float32[2]', 'int64[2]'])],
  ['Equal: the element types differ. Inputs: int64[2], int32[2].', node('Equal', ['int64[2]', 'int32[2]'])],
  ["Div: the input 'B' is missing. Inputs: float32[2].", node('Div', ['float32[2]', ''])],
  [
    'Where: the condition must be bool. Inputs: float32[2], float32[2], float32[2].',
    node('Where', ['float32[2]', 'float32[2]', 'float32[2]']),
  ],
  [
    'Where: the element types differ. Inputs: float32[2], int64[2].',
    node('Where', ['bool[2]', 'float32[2]', 'int64[2]']),
  ],
  ["Cast: ONNX's element type 16 is not supported.", node('Cast', ['float32[2]'], { to: int(16) })],
  [
    'Gelu: the attribute approximate = sigmoid is not supported. Inputs: float32[2].',
    node('Gelu', ['float32[2]'], { approximate: text('sigmoid') }),
  ],
  [
    'MatMul: the inner dimensions differ (3 against 2). Inputs: float32[2, 3], float32[2, 3].',
    node('MatMul', ['float32[2, 3]', 'float32[2, 3]']),
  ],
  [
    'MatMul: both inputs need a rank of at least 2. Inputs: float32[3], float32[3, 2].',
    node('MatMul', ['float32[3]', 'float32[3, 2]']),
  ],
  [
    'MatMul: the shapes do not broadcast (2 against 3). Inputs: float32[2], float32[3].',
    node('MatMul', ['float32[2, 4, 5]', 'float32[3, 5, 4]']),
  ],
  [
    'Gemm: both matrices need rank 2. Inputs: float32[2, 3, 4], float32[4, 5].',
    node('Gemm', ['float32[2, 3, 4]', 'float32[4, 5]']),
  ],
  [
    'Gemm: the inner dimensions differ (2 against 3). Inputs: float32[2, 3], float32[3, 4].',
    node('Gemm', ['float32[2, 3]', 'float32[3, 4]'], { transA: int(1) }),
  ],
  [
    'Gemm: the addend does not broadcast to the product. Inputs: float32[1, 3], float32[3, 4], float32[2, 4].',
    node('Gemm', ['float32[1, 3]', 'float32[3, 4]', 'float32[2, 4]']),
  ],
  [
    'Gemm: the attribute transA = 2 is not supported. Inputs: float32[2, 3], float32[3, 4].',
    node('Gemm', ['float32[2, 3]', 'float32[3, 4]'], { transA: int(2) }),
  ],
  ['ReduceSum: axis 2 does not exist in a tensor of rank 2.', node('ReduceSum', ['float32[2, 3]', '[2]'])],
  [
    'ReduceMean: the axes must be constant integers. Inputs: int64[1].',
    node('ReduceMean', ['float32[2, 3]', 'int64[1]']),
  ],
  [
    'ReduceMax: the attribute axes = 0 is not supported. Inputs: float32[2, 3].',
    node('ReduceMax', ['float32[2, 3]'], { axes: { type: 'ints', value: [0] } }),
  ],
  [
    'Softmax: axis -3 does not exist in a tensor of rank 2.',
    node('Softmax', ['float32[2, 3]'], { axis: int(-3) }),
  ],
  [
    'LayerNormalization: scale and bias must have the length of the last axis. Inputs: float32[2, 3], float32[3], float32[2].',
    node('LayerNormalization', ['float32[2, 3]', 'float32[3]', 'float32[2]']),
  ],
  [
    'LayerNormalization: only the last axis is supported. Inputs: float32[2, 3].',
    node('LayerNormalization', ['float32[2, 3]', 'float32[2]'], { axis: int(0) }),
  ],
  [
    'LayerNormalization: it has 3 outputs, not 4. Inputs: float32[2, 3], float32[3].',
    node('LayerNormalization', ['float32[2, 3]', 'float32[3]'], {}, 4),
  ],
  [
    'Reshape: the elements do not fill [4]. Inputs: float32[2, 3].',
    node('Reshape', ['float32[2, 3]', '[4]']),
  ],
  [
    'Reshape: the elements do not fill [4, -1]. Inputs: float32[2, 3].',
    node('Reshape', ['float32[2, 3]', '[4, -1]']),
  ],
  [
    'Reshape: the elements do not fill [-1, -1]. Inputs: float32[2, 3].',
    node('Reshape', ['float32[2, 3]', '[-1, -1]']),
  ],
  [
    'Reshape: there is no dimension 2 to copy. Inputs: float32[2, 3].',
    node('Reshape', ['float32[2, 3]', '[2, 3, 0]']),
  ],
  [
    'Reshape: the new shape must be constant integers. Inputs: int64[2].',
    node('Reshape', ['float32[2, 3]', 'int64[2]']),
  ],
  [
    'Transpose: [0, 0] is no permutation of the axes. Inputs: float32[2, 3].',
    node('Transpose', ['float32[2, 3]'], permutation(0, 0)),
  ],
  [
    'Transpose: [1, 0, 2] is no permutation of the axes. Inputs: float32[2, 3].',
    node('Transpose', ['float32[2, 3]'], permutation(1, 0, 2)),
  ],
  [
    'Concat: the shapes differ outside the joined axis. Inputs: float32[2, 3], float32[3, 4].',
    node('Concat', ['float32[2, 3]', 'float32[3, 4]'], { axis: int(0) }),
  ],
  [
    'Concat: the element types differ. Inputs: float32[2], int64[2].',
    node('Concat', ['float32[2]', 'int64[2]'], { axis: int(0) }),
  ],
  ["Concat: the input 'inputs' is missing.", node('Concat', [])],
  [
    'Split: [1, 3] do not add up to 3. Inputs: float32[3, 2].',
    node('Split', ['float32[3, 2]', '[1, 3]'], { axis: int(0) }, 2),
  ],
  [
    'Split: it has 2 outputs, not 3. Inputs: float32[3, 2], int64[2].',
    node('Split', ['float32[3, 2]', '[1, 2]'], { axis: int(0) }, 3),
  ],
  [
    'Slice: axis 2 does not exist in a tensor of rank 2.',
    node('Slice', ['float32[3, 2]', '[0]', '[1]', '[2]']),
  ],
  [
    'Slice: it cuts along one axis at a time. Inputs: float32[3, 2].',
    node('Slice', ['float32[3, 2]', '[0, 0]', '[1, 1]', '[0, 1]']),
  ],
  [
    'Slice: the inputs are not (data, starts, ends, axes). Inputs: float32[3, 2], int64[1], int64[1], int64[1], int64[1].',
    node('Slice', ['float32[3, 2]', '[0]', '[3]', '[0]', '[2]']),
  ],
  ['Pad: [1, 1] cannot pad a rank of 2. Inputs: float32[3, 2].', node('Pad', ['float32[3, 2]', '[1, 1]'])],
  [
    'Pad: [0, -1, 0, 0] cannot pad a rank of 2. Inputs: float32[3, 2].',
    node('Pad', ['float32[3, 2]', '[0, -1, 0, 0]']),
  ],
  [
    'Pad: a symbolic dimension cannot be padded. Inputs: float32[batch].',
    node('Pad', ['float32[batch]', '[0, 1]']),
  ],
  [
    'Unsqueeze: [0, -3] names an axis twice. Inputs: float32[3].',
    node('Unsqueeze', ['float32[3]', '[0, -3]']),
  ],
  [
    'Expand: the shapes do not broadcast (3 against 4). Inputs: float32[2, 3], float32[2, 4].',
    node('Expand', ['float32[2, 3]', '[2, 4]']),
  ],
  ["Identity: the input 'input' is missing.", node('Identity', [''])],
  [
    'Gather: the indices must be integers. Inputs: float32[2].',
    node('Gather', ['float32[3, 2]', 'float32[2]']),
  ],
  ["Gather: the input 'indices' is missing. Inputs: float32[3].", node('Gather', ['float32[3]'])],
  [
    'GatherElements: data and indices need the same rank. Inputs: float32[3, 2], int64[3].',
    node('GatherElements', ['float32[3, 2]', 'int64[3]']),
  ],
  [
    'GatherElements: the indices reach beyond the data. Inputs: float32[3, 2], int64[4, 1].',
    node('GatherElements', ['float32[3, 2]', 'int64[4, 1]'], { axis: int(1) }),
  ],
  [
    'ScatterElements: indices and updates need the same shape. Inputs: float32[3, 2], int64[3, 1], float32[3, 2].',
    node('ScatterElements', ['float32[3, 2]', 'int64[3, 1]', 'float32[3, 2]'], { axis: int(1) }),
  ],
  [
    'ScatterElements: the attribute reduction = max is not supported. Inputs: float32[3], int64[1], float32[1].',
    node('ScatterElements', ['float32[3]', 'int64[1]', 'float32[1]'], { reduction: text('max') }),
  ],
  [
    'ScatterND: the indices must be [N, 1]. Inputs: float32[3, 2], int64[2], float32[2, 2].',
    node('ScatterND', ['float32[3, 2]', 'int64[2]', 'float32[2, 2]']),
  ],
  [
    'ScatterND: the updates are not one row for each index. Inputs: float32[3, 2], int64[2, 1], float32[2, 3].',
    node('ScatterND', ['float32[3, 2]', 'int64[2, 1]', 'float32[2, 3]']),
  ],
  ['Unique: the input must be flat. Inputs: int64[2, 2].', node('Unique', ['int64[2, 2]'])],
  [
    'Unique: the attribute sorted = 0 is not supported. Inputs: int64[2].',
    node('Unique', ['int64[2]'], { sorted: int(0) }),
  ],
  [
    'CumSum: axis 1 does not exist in a tensor of rank 1.',
    (builder) =>
      builder.apply(operatorDeclaration('CumSum', ''), [
        builder.input('x', 'int64', [2]),
        builder.integer(1),
      ]),
  ],
  ['CumSum: the axis must be a scalar. Inputs: int64[2], int64[1].', node('CumSum', ['int64[2]', '[0]'])],
  [
    'CumSum: the attribute reverse = 1 is not supported. Inputs: int64[2], int64[1].',
    node('CumSum', ['int64[2]', '[0]'], { reverse: int(1) }),
  ],
  ...cachedAttentionErrors(),
  [
    "RMSNormalization: dimension 'width' must be known when the graph is built. Inputs: float32[width].",
    (builder) =>
      rmsNormalization(
        builder.input('x', 'float32', [2, 'width']),
        builder.input('scale', 'float32', ['width']),
        1e-6,
      ),
  ],
  [
    'MatMul: the inner dimensions differ (8 against 6). Inputs: float32[1, 2, 3, 8], float32[1, 2, 6, 3].',
    (builder) => {
      const [query, key] = [
        [1, 2, 3, 8],
        [1, 2, 3, 6],
      ].map((shape, index) => builder.input(`x.${index}`, 'float32', shape)) as [Value, Value];
      scaledDotProductAttention(query, key, key, { mask: builder.scalar(0), scale: 1 });
    },
  ],
  [
    'Gemm: the inner dimensions differ (4 against 5). Inputs: float32[3, 4], float32[9, 5].',
    (builder) => {
      const hidden = builder.input('hidden', 'float32', [6, 4]);
      const embedding = builder.input('embedding', 'float32', [9, 5]);
      const targets = builder.input('targets', 'int64', [6]);
      linearCrossEntropy(hidden, embedding, targets, builder.input('weights', 'float32', [6]), 2);
    },
  ],
  [
    "graph: there is already a value named 'x'.",
    (builder) => {
      builder.input('x', 'float32', []);
      builder.input('x', 'float32', []);
    },
  ],
  [
    "graph: there is already an output named 'y'.",
    (builder) => {
      builder.output('y', builder.scalar(1));
      builder.output('y', builder.scalar(2));
    },
  ],
  [
    "graph: there is no input 'past' of the type of the output 'present'. Inputs: float32[3], float32[2].",
    (builder) => {
      builder.input('past', 'float32', [2]);
      builder.output('present', builder.input('x', 'float32', [3]), 'past');
    },
  ],
  [
    "Neg: 'x' belongs to another graph. Inputs: float32[2].",
    (builder) =>
      builder.apply(operatorDeclaration('Neg', ''), [new GraphBuilder('other').input('x', 'float32', [2])]),
  ],
  [
    'constant: 3 elements do not fill it. Inputs: float32[2].',
    (builder) => builder.constant({ dtype: 'float32', shape: [2], data: new Float32Array(3) }),
  ],
  ['Conv: Loam does not know this operator.', node('Conv', ['float32[2]'])],
];

function cachedAttentionErrors(): readonly (readonly [string, Build])[] {
  const lengths = ['int32[1]', 'int32[]'];
  const heads = (query: number, keyValue: number, rotary = 0): Attributes => ({
    num_heads: int(query),
    kv_num_heads: int(keyValue),
    do_rotary: int(rotary),
  });
  const cached = (inputs: readonly string[], attributes: Attributes): Build =>
    node('GroupQueryAttention', inputs, attributes, 3);
  const past = ['float32[1, 2, 9, 16]', 'float32[1, 2, 9, 16]'];
  const tokens = ['float32[1, 5, 64]', 'float32[1, 5, 32]', 'float32[1, 5, 32]'];
  const listed = (inputs: readonly string[]): string => ` Inputs: ${inputs.join(', ')}.`;
  return [
    [
      `GroupQueryAttention: the widths do not fit 4 and 4 heads.${listed([...tokens, ...past, ...lengths])}`,
      cached([...tokens, ...past, ...lengths], heads(4, 4)),
    ],
    [
      `GroupQueryAttention: the widths do not fit 4 and 3 heads.${listed([...tokens, ...past, ...lengths])}`,
      cached([...tokens, ...past, ...lengths], heads(4, 3)),
    ],
    [
      `GroupQueryAttention: the widths do not fit 0 and 0 heads.${listed([...tokens, ...past, ...lengths])}`,
      cached([...tokens, ...past, ...lengths], {}),
    ],
    [
      `GroupQueryAttention: the cache is not [batch, 2, length, 16].${listed([...tokens, past[0]!, 'float32[1, 2, 9, 8]', ...lengths])}`,
      cached([...tokens, past[0]!, 'float32[1, 2, 9, 8]', ...lengths], heads(4, 2)),
    ],
    [
      `GroupQueryAttention: rotary positions need tables of 8 cosines and sines for each position.${listed([...tokens, ...past, ...lengths])}`,
      cached([...tokens, ...past, ...lengths], heads(4, 2, 1)),
    ],
    [
      `GroupQueryAttention: query, key and value need rank 3, key and value the same shape.${listed(['float32[5, 64]', ...tokens.slice(1), ...past, ...lengths])}`,
      cached(['float32[5, 64]', ...tokens.slice(1), ...past, ...lengths], heads(4, 2)),
    ],
    [
      `GroupQueryAttention: the input 'total_sequence_length' is missing.${listed([...tokens, ...past, 'int32[1]'])}`,
      cached([...tokens, ...past, 'int32[1]'], heads(4, 2)),
    ],
  ];
}

function errorOf(action: () => unknown): GraphError {
  try {
    action();
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
  throw new Error('No error was raised.');
}

describe('A graph whose tensors do not fit is refused while it is built', () => {
  test.each(wrongGraphs)('%s', (message, build) => {
    const error = errorOf(() => build(new GraphBuilder('wrong')));
    expect(error.message).toBe(message);
    expect(error.operator).toBe(message.split(':', 1)[0]);
  });

  test.each(operators.map((operator) => [operator.name, operator] as const))(
    'as is one where %s lacks its inputs, or has an attribute that it does not know',
    (name, declaration) => {
      const builder = new GraphBuilder('wrong');
      expect(() => builder.apply(declaration, [])).toThrow(GraphError);
      expect(() => builder.apply(declaration, [], { colour: int(1) })).toThrow(GraphError);
      expect(() => builder.apply(declaration, [])).toThrow(
        new RegExp(`^${name}: the input '\\w+' is missing`),
      );
    },
  );
});
