import { operatorDeclaration } from '../../../../src/main/llm/graph/operators/table.ts';
import type {
  Attributes,
  DataType,
  HostTensor,
  OperatorDomain,
} from '../../../../src/main/llm/graph/types.ts';
import type { CaseInput, Draw, GraphCase } from './graph-case.ts';

/** A case of one node. */
export interface OperatorCase extends GraphCase {
  readonly operator: string;
}

interface OperatorCaseOptions extends Pick<GraphCase, 'aliases' | 'tolerance' | 'lossReads'> {
  readonly attributes?: Attributes;
  readonly domain?: OperatorDomain;
  /** Number of the operator's outputs asked for: 1 where nothing is said. */
  readonly outputs?: number;
}

function operatorCase(
  operator: string,
  variant: string,
  inputs: readonly CaseInput[],
  { attributes = {}, domain = '', outputs = 1, ...rest }: OperatorCaseOptions = {},
): OperatorCase {
  return {
    operator,
    name: `${operator} ${variant}`,
    inputs,
    build: (values, builder) =>
      builder.apply(operatorDeclaration(operator, domain), values, attributes, outputs),
    ...rest,
  };
}

const drawnAs =
  (draw: Draw) =>
  (...shape: readonly number[]): CaseInput => ({ kind: 'drawn', shape, draw });
export const normal = drawnAs('normal');
export const positive = drawnAs('positive');
export const apart = drawnAs('apart');
const absent: CaseInput = { kind: 'absent' };

function tensor(dtype: DataType, shape: readonly number[], values: readonly number[]): HostTensor {
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(values) };
    case 'float16':
      return { dtype, shape, data: new Uint16Array(Float16Array.from(values).buffer) };
    case 'int64':
      return { dtype, shape, data: BigInt64Array.from(values, BigInt) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(values) };
    case 'uint8':
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(values) };
  }
}

/** An input whose elements the case gives. */
export function given(dtype: DataType, shape: readonly number[], values: readonly number[]): CaseInput {
  return { kind: 'given', tensor: tensor(dtype, shape, values) };
}

/** A list of int64 that is part of the graph: axes, shapes, lengths. */
function integers(...values: readonly number[]): CaseInput {
  return { kind: 'constant', tensor: tensor('int64', [values.length], values) };
}

/** One int64 that is part of the graph. */
const integer = (value: number): CaseInput => ({ kind: 'constant', tensor: tensor('int64', [], [value]) });

const int = (value: number) => ({ type: 'int', value }) as const;
const float = (value: number) => ({ type: 'float', value }) as const;
const string = (value: string) => ({ type: 'string', value }) as const;
const ints = (...value: readonly number[]) => ({ type: 'ints', value }) as const;

/** Kinds of broadcasting that every operator of two tensors meets in a model. */
function binaryCases(operator: string, left = normal, right = normal): readonly OperatorCase[] {
  return [
    operatorCase(operator, 'of equal shapes', [left(3, 4), right(3, 4)]),
    operatorCase(operator, 'with a scalar', [left(2, 3), right()]),
    operatorCase(operator, 'with a vector for each row', [left(2, 3, 4), right(4)]),
    operatorCase(operator, 'with a column', [left(3, 4), right(3, 1)]),
    operatorCase(operator, 'where both sides are repeated', [left(2, 1, 4), right(3, 1)]),
  ];
}

function unaryCases(operator: string, input = normal): readonly OperatorCase[] {
  return [
    operatorCase(operator, 'of a matrix', [input(5, 4)]),
    operatorCase(operator, 'of a scalar', [input()]),
  ];
}

function reductionCases(operator: string, input = normal, tolerance = 1e-5): readonly OperatorCase[] {
  const keep = { keepdims: int(1) };
  const drop = { keepdims: int(0) };
  return [
    operatorCase(operator, 'of everything, axes kept', [input(3, 4)], { attributes: keep, tolerance }),
    operatorCase(operator, 'of everything to a scalar', [input(3, 4)], { attributes: drop, tolerance }),
    operatorCase(operator, 'of rows', [input(2, 3, 4), integers(-1)], { attributes: keep, tolerance }),
    operatorCase(operator, 'of columns, axis dropped', [input(3, 4), integers(0)], {
      attributes: drop,
      tolerance,
    }),
    operatorCase(operator, 'of two axes', [input(2, 3, 4), integers(0, 2)], { attributes: keep, tolerance }),
    operatorCase(operator, 'of two axes, dropped', [input(2, 3, 2), integers(-1, 0)], {
      attributes: drop,
      tolerance,
    }),
  ];
}

const elementwiseCases: readonly OperatorCase[] = [
  ...binaryCases('Add'),
  operatorCase('Add', 'of integers', [given('int64', [3], [1, -2, 3]), given('int64', [1], [5])]),
  ...binaryCases('Sub'),
  operatorCase('Sub', 'of integers', [given('int64', [2, 2], [1, -2, 3, 4]), given('int64', [2, 1], [5, 6])]),
  ...binaryCases('Mul'),
  ...binaryCases('Div', normal, positive),
  operatorCase('Div', 'of float16', [given('float16', [3], [1, 7, -2]), given('float16', [3], [4, 2, 8])]),
  operatorCase('Equal', 'of integers', [
    given('int64', [2, 3], [1, 2, 3, 3, 2, 1]),
    given('int64', [3], [1, 2, 2]),
  ]),
  operatorCase('Equal', 'of numbers', [
    given('float32', [4], [0.5, -1, 2, 3]),
    given('float32', [4], [0.5, 1, 2, -3]),
  ]),
  operatorCase('LessOrEqual', 'of integers', [
    given('int64', [1, 3], [1, 2, 3]),
    given('int64', [3, 1], [1, 2, 3]),
  ]),
  operatorCase('LessOrEqual', 'of numbers', [
    given('float32', [4], [0.5, -1, 2, 3]),
    given('float32', [4], [0.5, 1, 2, -3]),
  ]),
  operatorCase('And', 'with broadcasting', [given('bool', [2, 2], [0, 1, 1, 0]), given('bool', [2], [1, 0])]),
  ...unaryCases('Neg'),
  ...unaryCases('Sqrt', positive),
  ...unaryCases('Reciprocal', positive),
  ...unaryCases('Exp'),
  ...unaryCases('Log', positive),
  ...unaryCases('Tanh'),
  ...unaryCases('Sigmoid'),
  operatorCase('Sigmoid', 'far from 0', [given('float32', [4], [-80, -20, 20, 80])]),
  ...unaryCases('Erf'),
  operatorCase('Erf', 'between −5 and 5', [
    given(
      'float32',
      [21],
      Array.from({ length: 21 }, (_, i) => (i - 10) / 2),
    ),
  ]),
  ...unaryCases('Relu', apart),
  operatorCase('Gelu', 'in its exact form', [normal(5, 4)], { attributes: { approximate: string('none') } }),
  operatorCase('Gelu', 'by tanh', [normal(5, 4)], { attributes: { approximate: string('tanh') } }),
  operatorCase('Gelu', 'by tanh, far from 0', [given('float32', [4], [-12, -6, 6, 12])], {
    attributes: { approximate: string('tanh') },
  }),
  operatorCase('Cast', 'of bool to float32', [given('bool', [4], [0, 1, 1, 0])], {
    attributes: { to: int(1) },
  }),
  operatorCase('Cast', 'of int64 to bool', [given('int64', [4], [0, 1, -2, 0])], {
    attributes: { to: int(9) },
  }),
  operatorCase('Cast', 'of int32 to int64', [given('int32', [3], [0, 7, -2])], {
    attributes: { to: int(7) },
  }),
  operatorCase('Cast', 'of float32 to int64, towards zero', [given('float32', [4], [0.9, -0.9, 2.5, -3.1])], {
    attributes: { to: int(7) },
  }),
  // float16 has 11 significant bits: half a unit in the last place is 2⁻¹² of the number.
  operatorCase('Cast', 'of float32 to float16', [normal(3, 2)], {
    attributes: { to: int(10) },
    tolerance: 2 ** -11,
  }),
  operatorCase('Cast', 'of float16 to uint8, towards zero', [given('float16', [3], [1, 2.5, 200])], {
    attributes: { to: int(2) },
  }),
  operatorCase('Cast', 'of float16 to float32', [given('float16', [3], [0.1, -2.5, 1000])], {
    attributes: { to: int(1) },
  }),
  operatorCase('Where', 'of equal shapes', [
    given('bool', [2, 3], [1, 0, 1, 0, 0, 1]),
    normal(2, 3),
    normal(2, 3),
  ]),
  operatorCase('Where', 'with a scalar', [given('bool', [2, 1], [1, 0]), normal(2, 3), normal()]),
  operatorCase('Where', 'where all are repeated', [
    given('bool', [2, 1, 1], [1, 0]),
    normal(3, 1),
    normal(1, 1, 4),
  ]),
  operatorCase('Where', 'of integers', [
    given('bool', [3], [1, 0, 1]),
    given('int64', [3], [1, 2, 3]),
    given('int64', [1], [9]),
  ]),
];

const matrixCases: readonly OperatorCase[] = [
  operatorCase('MatMul', 'of matrices', [normal(3, 4), normal(4, 5)]),
  operatorCase('MatMul', 'of batches', [normal(2, 3, 2, 4), normal(2, 3, 4, 3)]),
  operatorCase('MatMul', 'of a batch with one matrix', [normal(2, 3, 4), normal(4, 2)]),
  operatorCase('MatMul', 'of one matrix with a batch', [normal(3, 4), normal(2, 4, 2)]),
  operatorCase('MatMul', 'where both batches are repeated', [normal(2, 1, 2, 3), normal(3, 3, 2)]),
  ...[false, true].flatMap((transA) =>
    [false, true].flatMap((transB) => {
      const [a, b] = [transA ? normal(4, 3) : normal(3, 4), transB ? normal(5, 4) : normal(4, 5)];
      const attributes = { transA: int(Number(transA)), transB: int(Number(transB)) };
      const what = `with ${transA ? 'Aᵀ' : 'A'} and ${transB ? 'Bᵀ' : 'B'}`;
      return [
        operatorCase('Gemm', what, [a, b], { attributes }),
        operatorCase('Gemm', `${what}, scaled, and a bias`, [a, b, normal(5)], {
          attributes: { ...attributes, alpha: float(0.5) },
        }),
      ];
    }),
  ),
  operatorCase('Gemm', 'with a matrix to add', [normal(3, 4), normal(4, 2), normal(3, 2)]),
  operatorCase('Gemm', 'with a column to add, scaled', [normal(3, 4), normal(4, 2), normal(3, 1)], {
    attributes: { alpha: float(2), beta: float(-1.5) },
  }),
  operatorCase('Gemm', 'whose addend is left out', [normal(3, 4), normal(4, 2), absent]),
  operatorCase('Gemm', 'with a scalar to add', [normal(2, 3), normal(3, 2), normal()]),
  operatorCase('Gemm', 'that adds into the addend’s memory', [normal(3, 4), normal(4, 2), normal(3, 2)], {
    attributes: { transA: int(0) },
    aliases: { 0: 2 },
  }),
];

const reductionFamilyCases: readonly OperatorCase[] = [
  ...reductionCases('ReduceSum'),
  ...reductionCases('ReduceMean'),
  ...reductionCases('ReduceMax', apart),
  ...reductionCases('ReduceSumSquare'),
  ...['Softmax', 'LogSoftmax'].flatMap((operator) => [
    operatorCase(operator, 'of rows', [normal(3, 5)]),
    operatorCase(operator, 'over the first axis', [normal(4, 3)], { attributes: { axis: int(0) } }),
    operatorCase(operator, 'over a middle axis', [normal(2, 3, 4)], { attributes: { axis: int(1) } }),
    operatorCase(operator, 'over the last of four axes', [normal(2, 2, 2, 3)], {
      attributes: { axis: int(-1) },
    }),
    operatorCase(operator, 'of large scores', [given('float32', [2, 3], [900, 901, 899, -1e9, 5, 4])]),
  ]),
];

const normalizationCases: readonly OperatorCase[] = [
  operatorCase('LayerNormalization', 'with its moments', [normal(2, 3, 6), positive(6), normal(6)], {
    attributes: { axis: int(-1), epsilon: float(1e-5) },
    outputs: 3,
    lossReads: [0],
  }),
  operatorCase('LayerNormalization', 'of one matrix, without a bias', [normal(4, 5), positive(5)], {
    attributes: { axis: int(-1), epsilon: float(1e-2) },
    outputs: 3,
    lossReads: [0],
  }),
  operatorCase('LayerNormalization', 'whose bias is left out', [normal(4, 5), positive(5), absent], {
    outputs: 3,
    lossReads: [0],
  }),
  operatorCase('LayerNormalization', 'of a vector', [normal(6), positive(6), normal(6)], {
    attributes: { epsilon: float(1e-5) },
    outputs: 3,
    lossReads: [0],
  }),
];

const layoutCases: readonly OperatorCase[] = [
  operatorCase('Reshape', 'to fewer axes', [normal(2, 3, 4), integers(6, 4)]),
  operatorCase('Reshape', 'with a copied and an open dimension', [normal(2, 3, 4), integers(0, -1)]),
  operatorCase('Reshape', 'to a scalar', [normal(1, 1), integers()]),
  operatorCase('Transpose', 'of a matrix', [normal(2, 3)]),
  operatorCase('Transpose', 'by a cycle of three axes', [normal(2, 3, 4)], {
    attributes: { perm: ints(1, 2, 0) },
  }),
  operatorCase('Transpose', 'of five axes', [normal(2, 1, 3, 2, 2)], {
    attributes: { perm: ints(3, 0, 1, 4, 2) },
  }),
  operatorCase('Concat', 'of rows', [normal(2, 3), normal(1, 3), normal(2, 3)], {
    attributes: { axis: int(0) },
  }),
  operatorCase('Concat', 'along the last axis', [normal(2, 3, 1), normal(2, 3, 2)], {
    attributes: { axis: int(-1) },
  }),
  operatorCase('Split', 'along the last axis', [normal(2, 6), integers(1, 2, 3)], {
    attributes: { axis: int(-1) },
    outputs: 3,
  }),
  operatorCase('Split', 'of which the loss reads one part', [normal(4, 2), integers(1, 2, 1)], {
    attributes: { axis: int(0) },
    outputs: 3,
    lossReads: [1],
  }),
  operatorCase('Slice', 'of rows', [normal(5, 2), integers(1), integers(3), integers(0)]),
  operatorCase('Slice', 'counted from the end', [normal(2, 5), integers(-3), integers(-1), integers(-1)]),
  operatorCase('Slice', 'beyond the end', [normal(2, 5), integers(2), integers(2 ** 40), integers(1)]),
  operatorCase('Pad', 'on one axis', [normal(2, 3), integers(0, 1, 0, 2)]),
  operatorCase('Pad', 'on all axes', [normal(2, 2, 2), integers(1, 0, 2, 0, 1, 1)]),
  operatorCase('Unsqueeze', 'at both ends', [normal(3, 2), integers(0, -1)]),
  operatorCase('Unsqueeze', 'in the middle', [normal(3, 2), integers(1)]),
  operatorCase('Expand', 'of a column', [normal(3, 1), integers(3, 4)]),
  operatorCase('Expand', 'to a higher rank', [normal(1, 3), integers(2, 2, 3)]),
  operatorCase('Expand', 'to a shape with ones in it', [normal(2, 3), integers(1, 1)]),
  operatorCase('Identity', 'of a matrix', [normal(2, 3)]),
];

const indexingCases: readonly OperatorCase[] = [
  operatorCase('Gather', 'of rows, some of them twice', [
    normal(5, 3),
    given('int64', [2, 3], [4, 0, 4, 2, 4, 0]),
  ]),
  operatorCase('Gather', 'of single elements', [normal(5), given('int64', [4], [1, 1, 0, 4])]),
  operatorCase('Gather', 'of rows of higher rank', [normal(3, 2, 2), given('int64', [3], [2, 2, 0])]),
  operatorCase('Gather', 'by one index', [normal(4, 2), given('int64', [], [3])]),
  operatorCase('Gather', 'by 32-bit indices from the end', [
    given('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
    given('int32', [2], [-1, -3]),
  ]),
  operatorCase(
    'Gather',
    'of columns',
    [given('float32', [2, 3], [1, 2, 3, 4, 5, 6]), given('int64', [2], [2, 0])],
    { attributes: { axis: int(1) } },
  ),
  operatorCase('GatherElements', 'along rows', [normal(3, 4), given('int64', [3, 1], [2, 0, 3])], {
    attributes: { axis: int(1) },
  }),
  operatorCase(
    'GatherElements',
    'of the same element twice',
    [normal(3, 2), given('int64', [2, 2], [2, 0, 2, 1])],
    {
      attributes: { axis: int(0) },
    },
  ),
  operatorCase(
    'GatherElements',
    'counted from the end',
    [given('float32', [2, 3], [1, 2, 3, 4, 5, 6]), given('int64', [2, 1], [-1, -3])],
    { attributes: { axis: int(1) } },
  ),
  operatorCase(
    'ScatterElements',
    'that replaces',
    [normal(3, 4), given('int64', [3, 2], [0, 3, 1, 2, 2, 0]), normal(3, 2)],
    { attributes: { axis: int(1), reduction: string('none') } },
  ),
  operatorCase(
    'ScatterElements',
    'that adds, also twice to the same element',
    [normal(3, 4), given('int64', [3, 2], [0, 0, 1, 2, 3, 3]), normal(3, 2)],
    { attributes: { axis: int(1), reduction: string('add') } },
  ),
  operatorCase(
    'ScatterElements',
    'along the first axis, counted from the end',
    [normal(3, 2), given('int64', [1, 2], [-1, 0]), normal(1, 2)],
    { attributes: { axis: int(0), reduction: string('add') } },
  ),
  operatorCase('ScatterND', 'that adds rows', [normal(4, 3), given('int64', [2, 1], [3, 1]), normal(2, 3)], {
    attributes: { reduction: string('add') },
  }),
  operatorCase(
    'ScatterND',
    'that replaces rows, counted from the end',
    [normal(4, 2, 2), given('int64', [2, 1], [-1, 1]), normal(2, 2, 2)],
    { attributes: { reduction: string('none') } },
  ),
  operatorCase(
    'ScatterND',
    'that adds where the rows lie',
    [normal(4, 3), given('int64', [2, 1], [0, 2]), normal(2, 3)],
    { attributes: { reduction: string('add') }, aliases: { 0: 0 } },
  ),
  operatorCase('Unique', 'of ids', [given('int64', [7], [5, 2, 5, 9, 2, 2, 0])], {
    attributes: { sorted: int(1) },
  }),
  operatorCase('CumSum', 'along rows', [given('int64', [2, 4], [1, 1, 0, 2, 3, -1, 1, 1]), integer(1)]),
  operatorCase('CumSum', 'along columns of numbers', [
    given('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
    integer(-2),
  ]),
];

/** A case of GroupQueryAttention: `past` tokens lie in the cache, `steps` follow. */
function cachedAttentionCase(
  variant: string,
  {
    heads,
    keyValueHeads,
    past,
    steps,
    rotary,
  }: Readonly<Record<'heads' | 'keyValueHeads' | 'past' | 'steps', number>> & { readonly rotary: boolean },
): OperatorCase {
  const [size, capacity] = [16, 8];
  const total = past + steps;
  const angles = (compute: (angle: number) => number): CaseInput =>
    given(
      'float32',
      [capacity, size / 2],
      Array.from({ length: (capacity * size) / 2 }, (_, i) =>
        compute(Math.floor(i / (size / 2)) * 10 ** (-(i % (size / 2)) / 4)),
      ),
    );
  return operatorCase(
    'GroupQueryAttention',
    variant,
    [
      normal(1, steps, heads * size),
      normal(1, steps, keyValueHeads * size),
      normal(1, steps, keyValueHeads * size),
      normal(1, keyValueHeads, capacity, size),
      normal(1, keyValueHeads, capacity, size),
      given('int32', [1], [total - 1]),
      given('int32', [], [total]),
      ...(rotary ? [angles(Math.cos), angles(Math.sin)] : []),
    ],
    {
      domain: 'com.microsoft',
      outputs: 3,
      aliases: { 1: 3, 2: 4 },
      attributes: {
        num_heads: int(heads),
        kv_num_heads: int(keyValueHeads),
        scale: float(0.3),
        do_rotary: int(Number(rotary)),
      },
    },
  );
}

const cachedAttentionCases: readonly OperatorCase[] = [
  cachedAttentionCase('of a prompt', { heads: 2, keyValueHeads: 2, past: 0, steps: 5, rotary: false }),
  cachedAttentionCase('of one token after others', {
    heads: 2,
    keyValueHeads: 2,
    past: 5,
    steps: 1,
    rotary: false,
  }),
  cachedAttentionCase('of a prompt, with shared keys and rotary positions', {
    heads: 4,
    keyValueHeads: 2,
    past: 0,
    steps: 4,
    rotary: true,
  }),
  cachedAttentionCase('of one token, with shared keys and rotary positions', {
    heads: 4,
    keyValueHeads: 1,
    past: 7,
    steps: 1,
    rotary: true,
  }),
];

/** At least one case for every operator that graphs are made of. */
export const operatorCases: readonly OperatorCase[] = [
  ...elementwiseCases,
  ...matrixCases,
  ...reductionFamilyCases,
  ...normalizationCases,
  ...layoutCases,
  ...indexingCases,
  ...cachedAttentionCases,
];
