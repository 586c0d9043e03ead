import { createRequire } from 'node:module';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type * as TensorFlowJs from '@tensorflow/tfjs-core';
import { loadTensorFlow } from '../../src/main/llm/engines/tensorflow/library.ts';
import { requirePack } from '../../src/main/studio/engines/pack.ts';
import { benchModel } from '../harness/models.ts';
import { median } from '../harness/statistics.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';

/**
 * The peer of the TensorFlow engine: the same GPT in TensorFlow.js as most people would write it, with `tf.variableGrads`
 * and `tf.train.adam`, over the same libraries and threads. Adam without decay and clipping: it has less to do.
 */
interface Parameters {
  readonly model: string;
  readonly threads: number;
  readonly warmupSteps: number;
  readonly minimumSteps: number;
  readonly seconds: number;
}

const parameters = readParameters() as Parameters;
loadTensorFlow(await requirePack(), parameters.threads);
const require = createRequire(import.meta.url);
require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
// The union package adds the operations to tensors, as people write them.
const tf = require('@tensorflow/tfjs') as typeof TensorFlowJs;
const loadedBytes = process.memoryUsage.rss();

const { shape, batchSize: batch } = benchModel(parameters.model);
const { contextLength: length, hiddenSize: width, layers, heads, vocabularySize: vocabulary } = shape;

const weights = (...extents: number[]): Variable => tf.variable(tf.randomNormal(extents, 0, 0.02));
const zeros = (extent: number): Variable => tf.variable(tf.zeros([extent]));
const ones = (extent: number): Variable => tf.variable(tf.ones([extent]));

type Affine = readonly [Variable, Variable];
const tokenEmbedding = weights(vocabulary, width);
const positionEmbedding = weights(length, width);
const finalNorm: Affine = [ones(width), zeros(width)];
const blocks = Array.from({ length: layers }, () => ({
  norm1: [ones(width), zeros(width)] as Affine,
  attention: [weights(width, 3 * width), zeros(3 * width)] as Affine,
  projection: [weights(width, width), zeros(width)] as Affine,
  norm2: [ones(width), zeros(width)] as Affine,
  up: [weights(width, 4 * width), zeros(4 * width)] as Affine,
  down: [weights(4 * width, width), zeros(width)] as Affine,
}));
const mask = tf.keep(tf.mul(tf.sub(tf.linalg.bandPart(tf.ones([length, length]), -1, 0), 1), 1e9));

const linear = (x: Tensor, [weight, bias]: Affine): Tensor => tf.add(tf.matMul(x, weight), bias);

function layerNorm(x: Tensor, [scale, shift]: Affine): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
}

function gelu(x: Tensor): Tensor {
  const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

const split = (x: Tensor): Tensor =>
  tf.transpose(tf.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);

function lossOf(ids: Tensor, targets: Tensor): Tensor {
  const embedded = tf.reshape(tf.gather(tokenEmbedding, tf.reshape(ids, [-1])), [batch, length, width]);
  let x: Tensor = tf.reshape(tf.add(embedded, positionEmbedding), [batch * length, width]);
  for (const block of blocks) {
    const [query, key, value] = tf
      .split(linear(layerNorm(x, block.norm1), block.attention), 3, -1)
      .map(split);
    const scores = tf.mul(tf.matMul(query!, key!, false, true), 1 / Math.sqrt(width / heads));
    const attentionOutput = tf.matMul(tf.softmax(tf.add(scores, mask)), value!);
    const merged = tf.reshape(tf.transpose(attentionOutput, [0, 2, 1, 3]), [batch * length, width]);
    x = tf.add(x, linear(merged, block.projection));
    x = tf.add(x, linear(gelu(linear(layerNorm(x, block.norm2), block.up)), block.down));
  }
  const logits = tf.matMul(layerNorm(x, finalNorm), tokenEmbedding, false, true);
  return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.reshape(targets, [-1]), vocabulary), logits);
}

const optimizer = tf.train.adam(1e-4, 0.9, 0.95, 1e-8);
const steps: number[] = [];
let begun = performance.now();
for (let step = 1; ; step++) {
  const from = performance.now();
  const tokens = (offset: number): Tensor =>
    tf.tensor2d(
      Int32Array.from(
        { length: batch * length },
        (_, i) => (Math.imul(i + step + offset, 0x9e3779b1) >>> 8) % vocabulary,
      ),
      [batch, length],
      'int32',
    );
  const ids = tokens(0);
  const targets = tokens(1);
  const { value, grads } = tf.variableGrads(() => lossOf(ids, targets) as Scalar);
  optimizer.applyGradients(grads as Readonly<Record<string, Variable>>);
  value.dataSync();
  tf.dispose({ value, grads, ids, targets });
  const now = performance.now();
  if (step <= parameters.warmupSteps) begun = now;
  else steps.push(now - from);
  if (steps.length >= parameters.minimumSteps && now - begun >= 1000 * parameters.seconds) break;
}
reportResult({
  milliseconds: median(steps),
  shortestMilliseconds: Math.min(...steps),
  steps: steps.length,
  peakBytes: peakMemoryBytes(),
  loadedBytes,
});
