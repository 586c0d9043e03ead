import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import { broadcastShapes } from '../shapes.ts';
import { dataTypeOf, onnxDataTypes } from '../data-types.ts';
import type { Attributes, DataType, Value } from '../types.ts';
import type { AttributeRule, OperatorDeclaration, RealTensor } from './declaration.ts';
import { intAttribute, requireSameType, stringAttribute } from './declaration.ts';
import { broadcastExtents, broadcastIndices, mapReal, zipReal } from './real-arrays.ts';

/** Declares an operator that changes each element by itself. */
function unary(
  name: string,
  compute: (x: number, attributes: Attributes) => number,
  understood: Readonly<Record<string, AttributeRule>> = {},
): OperatorDeclaration {
  return {
    name,
    domain: '',
    inputs: ['X'],
    attributes: understood,
    infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
    evaluate: ([x], attributes) => [mapReal(x!, (element) => compute(element, attributes))],
  };
}

/** Declares an operator of two tensors with broadcasting; `result` is bool for comparisons. */
function binary(
  name: string,
  compute: (x: number, y: number) => number,
  result?: DataType,
): OperatorDeclaration {
  return {
    name,
    domain: '',
    inputs: ['A', 'B'],
    attributes: {},
    infer: ([a, b]) => {
      requireSameType(name, [a, b]);
      return [{ dtype: result ?? a!.dtype, shape: broadcastShapes(name, a!, b!) }];
    },
    evaluate: ([a, b]) => [zipReal(a!, b!, compute, result ?? a!.dtype)],
  };
}

/** Abramowitz & Stegun give the error function only to 1e-7; this series and continued fraction reach float64. */
export function errorFunction(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  if (magnitude < 2.5) {
    let term = magnitude;
    let sum = magnitude;
    for (let n = 1; Math.abs(term) > 1e-18 * sum && n < 200; n++) {
      term *= -(magnitude * magnitude) / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * ((2 / Math.sqrt(Math.PI)) * sum);
  }
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (magnitude + fraction);
  return (
    Math.sign(x) * (1 - Math.exp(-magnitude * magnitude) / (Math.sqrt(Math.PI) * (magnitude + fraction)))
  );
}

/** √(2/π) and the cubic coefficient of the tanh form of GELU (Hendrycks & Gimpel, "Gaussian Error Linear Units", 2016). */
export const geluScale = Math.sqrt(2 / Math.PI);
export const geluCubic = 0.044715;

export const addOperator = binary('Add', (x, y) => x + y);
export const subOperator = binary('Sub', (x, y) => x - y);
export const mulOperator = binary('Mul', (x, y) => x * y);
export const divOperator = binary('Div', (x, y) => x / y);
export const equalOperator = binary('Equal', (x, y) => Number(x === y), 'bool');
export const lessOrEqualOperator = binary('LessOrEqual', (x, y) => Number(x <= y), 'bool');
export const andOperator = binary('And', (x, y) => Number(x !== 0 && y !== 0), 'bool');
export const negOperator = unary('Neg', (x) => -x);
export const sqrtOperator = unary('Sqrt', Math.sqrt);
export const reciprocalOperator = unary('Reciprocal', (x) => 1 / x);
export const expOperator = unary('Exp', Math.exp);
export const logOperator = unary('Log', Math.log);
export const tanhOperator = unary('Tanh', Math.tanh);
export const sigmoidOperator = unary('Sigmoid', (x) =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)),
);
export const erfOperator = unary('Erf', errorFunction);
export const reluOperator = unary('Relu', (x) => Math.max(0, x));
export const geluOperator = unary(
  'Gelu',
  (x, attributes) =>
    stringAttribute(attributes, 'approximate', 'none') === 'tanh'
      ? 0.5 * x * (1 + Math.tanh(geluScale * (x + geluCubic * x * x * x)))
      : 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  { approximate: ['none', 'tanh'] },
);

/** The element type that a Cast makes. */
function castTarget(attributes: Attributes): DataType {
  const target = intAttribute(attributes, 'to', 0);
  const dtype = dataTypeOf(target);
  if (dtype === undefined) throw new GraphError('Cast', `ONNX's element type ${target} is not supported`);
  return dtype;
}

export const castOperator: OperatorDeclaration = {
  name: 'Cast',
  domain: '',
  inputs: ['input'],
  attributes: { to: 'int' },
  infer: ([x], attributes) => [{ dtype: castTarget(attributes), shape: x!.shape }],
  evaluate: ([x], attributes) => {
    const dtype = castTarget(attributes);
    const convert = (value: number): number => {
      switch (dtype) {
        case 'float32':
        case 'float16':
          return value;
        case 'bool':
          return Number(value !== 0);
        case 'int64':
        case 'int32':
        case 'uint8':
          return Math.trunc(value);
      }
    };
    return [{ dtype, shape: x!.shape, data: x!.data.map(convert) }];
  },
};

export const whereOperator: OperatorDeclaration = {
  name: 'Where',
  domain: '',
  inputs: ['condition', 'X', 'Y'],
  attributes: {},
  infer: ([condition, a, b]) => {
    if (condition!.dtype !== 'bool')
      throw new GraphError('Where', 'the condition must be bool', [condition, a, b]);
    requireSameType('Where', [a, b]);
    const shape = broadcastShapes('Where', a!, b!);
    return [{ dtype: a!.dtype, shape: broadcastShapes('Where', { dtype: 'bool', shape }, condition!) }];
  },
  evaluate: ([condition, a, b]) => {
    const shape = broadcastExtents(condition!.shape, a!.shape, b!.shape);
    const [c, x, y] = [condition!, a!, b!].map((tensor) => broadcastIndices(tensor.shape, shape)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    const data = Float64Array.from(c, (index, element) =>
      condition!.data[index] !== 0 ? a!.data[x[element]!]! : b!.data[y[element]!]!,
    );
    return [{ dtype: a!.dtype, shape, data } satisfies RealTensor];
  },
};

/** A number beside a tensor stands for a float32 scalar. */
export type Operand = Value | number;

/** Makes a value of an operand, in the graph of the value beside it. */
export function asValue(operand: Operand, beside: Value): Value {
  return typeof operand === 'number' ? builderOf(beside).scalar(operand) : operand;
}

const applyUnary =
  (declaration: OperatorDeclaration) =>
  (x: Value): Value =>
    builderOf(x).apply(declaration, [x])[0]!;

const applyBinary =
  (declaration: OperatorDeclaration) =>
  (a: Value, b: Operand): Value =>
    builderOf(a).apply(declaration, [a, asValue(b, a)])[0]!;

export const add = applyBinary(addOperator);
export const sub = applyBinary(subOperator);
export const mul = applyBinary(mulOperator);
export const div = applyBinary(divOperator);
export const equal = applyBinary(equalOperator);
export const lessOrEqual = applyBinary(lessOrEqualOperator);
export const and = applyBinary(andOperator);
export const neg = applyUnary(negOperator);
export const sqrt = applyUnary(sqrtOperator);
export const reciprocal = applyUnary(reciprocalOperator);
export const exp = applyUnary(expOperator);
export const log = applyUnary(logOperator);
export const tanh = applyUnary(tanhOperator);
export const sigmoid = applyUnary(sigmoidOperator);
export const relu = applyUnary(reluOperator);
export const erf = applyUnary(erfOperator);

/** GELU; `tanh` is the approximation that GPT-2 uses ("gelu_new"). */
export function gelu(x: Value, approximate: 'none' | 'tanh' = 'none'): Value {
  return builderOf(x).apply(geluOperator, [x], { approximate: { type: 'string', value: approximate } })[0]!;
}

export function cast(x: Value, dtype: DataType): Value {
  return x.dtype === dtype
    ? x
    : builderOf(x).apply(castOperator, [x], { to: { type: 'int', value: onnxDataTypes[dtype] } })[0]!;
}

/** Elements of `a` where the condition holds, else of `b`. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  return builderOf(condition).apply(whereOperator, [
    condition,
    asValue(a, condition),
    asValue(b, condition),
  ])[0]!;
}

export const elementwiseOperators: readonly OperatorDeclaration[] = [
  addOperator,
  subOperator,
  mulOperator,
  divOperator,
  equalOperator,
  lessOrEqualOperator,
  andOperator,
  negOperator,
  sqrtOperator,
  reciprocalOperator,
  expOperator,
  logOperator,
  tanhOperator,
  sigmoidOperator,
  erfOperator,
  reluOperator,
  geluOperator,
  castOperator,
  whereOperator,
];
