import { scaledDotProductAttention } from '../../../../src/main/llm/graph/functions/attention.ts';
import { crossEntropy, linearCrossEntropy } from '../../../../src/main/llm/graph/functions/cross-entropy.ts';
import { layerNormalization } from '../../../../src/main/llm/graph/operators/normalization.ts';
import { rmsNormalization } from '../../../../src/main/llm/graph/functions/rms-normalization.ts';
import { swiglu } from '../../../../src/main/llm/graph/functions/swiglu.ts';
import { mul } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import type { Value } from '../../../../src/main/llm/graph/types.ts';
import type { CaseInput, GraphCase } from './graph-case.ts';
import { given, normal, positive } from './cases.ts';

/** A case over inputs that are all present. */
function functionCase(
  name: string,
  inputs: readonly CaseInput[],
  build: (...inputs: readonly Value[]) => readonly Value[],
): GraphCase {
  return { name, inputs, build: (values) => build(...(values as readonly Value[])) };
}

/** 0 where a query may look, far below any score where it may not. */
const causalMask = given('float32', [3, 4], [0, 0, -1e9, -1e9, 0, 0, 0, -1e9, 0, 0, 0, 0]);
const noMask = given('float32', [1], [0]);
/** Keeps three elements of four, scaled by 4/3. */
const dropout = given(
  'float32',
  [2, 2, 3, 4],
  Array.from({ length: 48 }, (_, i) => ((i * 7) % 4 === 0 ? 0 : 4 / 3)),
);

const attentionInputs = [normal(2, 2, 3, 5), normal(2, 2, 4, 5), normal(2, 2, 4, 5)];
const attentionCases: readonly GraphCase[] = [
  functionCase('attention without a mask', [...attentionInputs, noMask], (query, key, value, mask) => [
    scaledDotProductAttention(query, key, value, { mask: mask, scale: 0.4 })[0],
  ]),
  functionCase(
    'attention with a causal mask',
    [...attentionInputs, causalMask],
    (query, key, value, mask) => [
      scaledDotProductAttention(query, key, value, { mask: mask, scale: 0.4 })[0],
    ],
  ),
  functionCase(
    'attention with a causal mask and dropout',
    [...attentionInputs, causalMask, dropout],
    (query, key, value, mask, kept) => [
      scaledDotProductAttention(query, key, value, { mask: mask, scale: 0.4, dropout: kept })[0],
    ],
  ),
];

/** Seven rows of which two are ignored. */
const targets = given('int64', [7], [3, 0, 5, 5, 1, 2, 4]);
const weights = given('float32', [7], [0.2, 0, 0.2, 0.1, 0.3, 0, 0.2]);
const crossEntropyCases: readonly GraphCase[] = [1, 2, 3, 7, 20].flatMap((chunks) => [
  functionCase(
    `cross entropy in ${chunks} chunks`,
    [normal(7, 4), normal(6, 4), targets, weights],
    (hidden, embedding, target, weight) => [linearCrossEntropy(hidden, embedding, target, weight, chunks)],
  ),
  functionCase(
    `cross entropy in ${chunks} chunks, scaled afterwards`,
    [normal(7, 4), normal(6, 4), targets, weights],
    (hidden, embedding, target, weight) => [
      mul(linearCrossEntropy(hidden, embedding, target, weight, chunks), 2.5),
    ],
  ),
]);

/** The functions of `graph/functions`, whose gradients are given as a whole. */
export const functionCases: readonly GraphCase[] = [
  ...attentionCases,
  ...crossEntropyCases,
  functionCase('cross entropy of scores', [normal(7, 6), targets, weights], (logits, target, weight) => [
    crossEntropy(logits, target, weight),
  ]),
  functionCase(
    'cross entropy of scores, scaled afterwards',
    [normal(7, 6), targets, weights],
    (logits, target, weight) => [mul(crossEntropy(logits, target, weight), 2.5)],
  ),
  functionCase('layer normalisation', [normal(3, 4), positive(4), normal(4)], (x, scale, bias) => [
    layerNormalization(x, scale, bias, 1e-5),
  ]),
  functionCase('RMS normalisation of rows', [normal(3, 4), positive(4)], (x, scale) => [
    rmsNormalization(x, scale, 1e-5),
  ]),
  functionCase('RMS normalisation of three axes', [normal(2, 3, 4), positive(4)], (x, scale) => [
    rmsNormalization(x, scale, 1e-2),
  ]),
  functionCase('SwiGLU', [normal(3, 4), normal(3, 4)], (gate, up) => [swiglu(gate, up)]),
];
