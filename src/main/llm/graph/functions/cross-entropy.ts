import { builderOf } from '../builder.ts';
import { add, log, mul, neg, sub } from '../operators/elementwise.ts';
import { gatherElements, scatterElements } from '../operators/indexing.ts';
import { concat, reshape, split } from '../operators/layout.ts';
import { gemm } from '../operators/matrix.ts';
import { reduceSum, softmax } from '../operators/reduction.ts';
import { fixedShape } from '../shapes.ts';
import type { Value } from '../types.ts';

/** Keeps log(0) away where a probability underflows; it changes no probability above 1e-30. */
const tiny = 1e-37;

/** The lengths of `chunks` nearly equal parts of `rows`. */
function chunkLengths(rows: number, chunks: number): readonly number[] {
  const count = Math.min(chunks, rows);
  return Array.from(
    { length: count },
    (_, index) => Math.floor(((index + 1) * rows) / count) - Math.floor((index * rows) / count),
  );
}

/**
 * The output layer and the cross-entropy in one: Σ weightᵢ · −log softmax(hiddenᵢ · embeddingᵀ)[targetᵢ].
 * hidden [rows, width], embedding [vocabulary, width], targets int64 [rows], weights float32 [rows] → scalar.
 *
 * The rows are worked through in chunks, each with its gradient at once, so that logits exist for one chunk at a time
 * only (as Liger's fused linear cross-entropy does; Hsu et al., "Liger Kernel", 2024, §3.2). A graph that asks for no
 * gradient drops that part.
 */
export function linearCrossEntropy(
  hidden: Value,
  embedding: Value,
  targets: Value,
  weights: Value,
  chunks: number,
): Value {
  const builder = builderOf(hidden);
  const lengths = chunkLengths(fixedShape('CrossEntropy', hidden)[0]!, chunks);
  return builder.composite(
    'cross_entropy',
    [hidden, embedding],
    () => {
      const targetChunks = split(reshape(targets, [-1, 1]), lengths, 0);
      const weightChunks = split(reshape(weights, [-1, 1]), lengths, 0);
      const losses: Value[] = [];
      const hiddenGradients: Value[] = [];
      let embeddingGradient: Value | undefined;
      split(hidden, lengths, 0).forEach((rows, index) => {
        const [target, weight] = [targetChunks[index]!, weightChunks[index]!];
        const probabilities = softmax(gemm(rows, embedding, { transB: true })); // (chunk, vocabulary)
        const chosen = gatherElements(probabilities, target, 1); // (chunk, 1)
        losses.push(reduceSum(mul(neg(log(add(chosen, tiny))), weight), undefined, false));
        // d loss / d logits = (P − onehot(target))·weight; the weight is applied to the narrow sides instead.
        const slope = scatterElements(probabilities, target, sub(mul(weight, 0), 1), 1, 'add');
        hiddenGradients.push(mul(gemm(slope, embedding), weight));
        embeddingGradient = gemm(slope, mul(rows, weight), {
          transA: true,
          ...(embeddingGradient === undefined ? {} : { addend: embeddingGradient }),
        });
      });
      const loss = losses.reduce((sum, part) => add(sum, part));
      return { outputs: [loss], saved: [concat(hiddenGradients, 0), embeddingGradient!] };
    },
    ({ saved, outputGradients }) => {
      const dLoss = outputGradients[0]!;
      const isOne = builderOf(dLoss).constantOf(dLoss)?.data[0] === 1;
      return saved.map((value) => (isOne ? value : mul(value, dLoss)));
    },
  )[0]!;
}

/**
 * The same for each row by itself, and without a gradient: −log softmax(hiddenᵢ · embeddingᵀ)[targetᵢ], [rows].
 * @param chunks parts in which the logits are computed
 */
export function linearLosses(hidden: Value, embedding: Value, targets: Value, chunks: number): Value {
  const lengths = chunkLengths(fixedShape('CrossEntropy', hidden)[0]!, chunks);
  const targetChunks = split(reshape(targets, [-1, 1]), lengths, 0);
  const losses = split(hidden, lengths, 0).map((rows, index) => {
    const probabilities = softmax(gemm(rows, embedding, { transB: true })); // (chunk, vocabulary)
    return neg(log(add(gatherElements(probabilities, targetChunks[index]!, 1), tiny)));
  });
  return reshape(concat(losses, 0), [-1]);
}

/**
 * The cross-entropy of scores: Σ weightᵢ · −log softmax(logitsᵢ)[targetᵢ].
 * logits [rows, classes], targets int64 [rows], weights float32 [rows] → scalar.
 */
export function crossEntropy(logits: Value, targets: Value, weights: Value): Value {
  return builderOf(logits).composite(
    'cross_entropy_of_scores',
    [logits],
    () => {
      const target = reshape(targets, [-1, 1]);
      const weight = reshape(weights, [-1, 1]);
      const probabilities = softmax(logits);
      const chosen = gatherElements(probabilities, target, 1);
      const loss = reduceSum(mul(neg(log(add(chosen, tiny))), weight), undefined, false);
      const slope = scatterElements(probabilities, target, sub(mul(weight, 0), 1), 1, 'add');
      return { outputs: [loss], saved: [mul(slope, weight)] };
    },
    ({ saved, outputGradients }) => saved.map((slope) => mul(slope, outputGradients[0]!)),
  )[0]!;
}
