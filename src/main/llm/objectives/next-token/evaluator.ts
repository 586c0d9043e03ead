import { LoamError } from '../../../../shared/errors.ts';
import type { TokenSplit } from '../../data/token-shards.ts';
import type { Tokenizer } from '../../tokenizers/tokenizer.ts';
import { automaticLossChunks } from '../loss-chunks.ts';
import type { Evaluation, EvaluationExtent, Evaluator, EvaluatorOptions } from '../objective.ts';
import { buildLossGraph } from '../training-graph.ts';
import { nextTokenDeclaration } from './declaration.ts';
import { evaluationWindows, type EvaluationWindow } from './evaluation-windows.ts';
import { addTokenLoss } from '../token-loss.ts';
import { requirePrediction } from './require-prediction.ts';

/** How well a model predicts a split. Predictions are tokens: over a whole split all but its first, see `evaluationWindows`. */
export interface NextTokenEvaluation extends Evaluation {
  readonly figures: {
    /** exp(loss). */
    readonly perplexity: number;
    /** The summed loss in bits over the bytes of the predicted text: comparable between tokenizers. */
    readonly bitsPerByte: number;
  };
  /** UTF-8 bytes that the predicted tokens stand for; an end-of-text token stands for none. */
  readonly bytes: number;
}

export interface NextTokenEvaluatorOptions extends EvaluatorOptions {
  /** Tokens that the model sees at once; at most the shape's. Default: the shape's. */
  readonly contextLength?: number;
}

/** About how many tokens one run of the program sees: enough to keep the cores busy, few enough for their caches. */
const aimedTokensAtOnce = 1024;

/** Measures the loss of each token from those before it in its window. */
export async function createNextTokenEvaluator(
  options: NextTokenEvaluatorOptions,
): Promise<Evaluator<TokenSplit, NextTokenEvaluation>> {
  const { engine, shape, weights, adapter, tokenizer, contextLength = shape.contextLength } = options;
  const batchSize = Math.max(1, Math.floor(aimedTokensAtOnce / contextLength));
  const positions = batchSize * contextLength;
  const program = await engine.compile(
    buildLossGraph({ declaration: nextTokenDeclaration, addLoss: addTokenLoss }, shape, {
      batchSize,
      sequenceLength: contextLength,
      lossChunks: automaticLossChunks(positions, shape.vocabularySize),
      adapter,
    }),
  );
  const inputIds = engine.allocate('int64', [batchSize, contextLength]);
  const targets = engine.allocate('int64', [batchSize, contextLength]);
  const lossWeights = engine.allocate('float32', [batchSize, contextLength]);
  const loss = engine.allocate('float32', []);
  const bindings = { ...weights, input_ids: inputIds, targets, loss_weights: lossWeights, loss };

  /** Mean loss of up to `batchSize` windows. Places that no window fills have weight 0. */
  async function meanLoss(batch: readonly Predictions[], signal: AbortSignal | undefined): Promise<number> {
    const ids = new BigInt64Array(positions);
    const next = new BigInt64Array(positions);
    const weight = new Float32Array(positions);
    const predicted = batch.reduce((sum, { count }) => sum + count, 0);
    for (const [row, { tokens, count }] of batch.entries()) {
      for (let column = 0; column < count; column += 1) {
        const place = row * contextLength + column;
        ids[place] = BigInt(tokens[column]!); // a window of `count` predictions has count + 1 tokens
        next[place] = BigInt(tokens[column + 1]!);
        weight[place] = 1 / predicted;
      }
    }
    await engine.write(inputIds, ids);
    await engine.write(targets, next);
    await engine.write(lossWeights, weight);
    await program.run(bindings, signal);
    return Number((await engine.read(loss))[0]);
  }

  return {
    predictionsAtOnce: positions,
    async evaluate({ split, maximumPredictions = Infinity, signal, onProgress }) {
      requirePrediction(split);
      const windows = evaluationWindows(split.tokens, contextLength, maximumPredictions);
      let nats = 0;
      let tokens = 0;
      let bytes = 0;
      for (const group of inGroups(windows, batchSize)) {
        if (signal?.aborted === true) throw interrupted();
        const batch = group.map((window) => readPredictions(split, window));
        const predicted = batch.reduce((sum, { count }) => sum + count, 0);
        nats += (await meanLoss(batch, signal)) * predicted;
        tokens += predicted;
        onProgress?.(tokens);
        if (tokenizer !== undefined)
          bytes += batch.reduce((sum, window) => sum + predictedBytes(window, tokenizer), 0);
      }
      const complete = tokens === split.tokens - 1;
      if (tokenizer === undefined) bytes = (split.bytes * tokens) / split.tokens;
      else if (complete) bytes = split.bytes - tokenizer.tokenBytes(split.read(0, 1)[0]!).length; // all but the first token's
      const mean = nats / tokens;
      return {
        loss: mean,
        figures: { perplexity: Math.exp(mean), bitsPerByte: nats / Math.LN2 / bytes },
        predictions: tokens,
        bytes,
        complete,
      };
    },
    async dispose() {
      await program.dispose();
      for (const tensor of [inputIds, targets, lossWeights, loss]) tensor.dispose();
    },
  };
}

/** One measurement over several splits: every token counts the same. */
export function combineNextToken(parts: readonly NextTokenEvaluation[]): NextTokenEvaluation {
  const sum = (of: (part: NextTokenEvaluation) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const predictions = sum((part) => part.predictions);
  const bytes = sum((part) => part.bytes);
  const nats = sum((part) => part.loss * part.predictions);
  const loss = nats / predictions;
  return {
    loss,
    figures: { perplexity: Math.exp(loss), bitsPerByte: nats / Math.LN2 / bytes },
    predictions,
    bytes,
    complete: parts.every((part) => part.complete),
  };
}

/** Measures the loss once. */
export async function evaluateNextToken(
  options: NextTokenEvaluatorOptions & EvaluationExtent<TokenSplit>,
): Promise<NextTokenEvaluation> {
  const evaluator = await createNextTokenEvaluator(options);
  try {
    return await evaluator.evaluate(options);
  } finally {
    await evaluator.dispose();
  }
}

/** The tokens of a window: one more than its predictions. */
interface Predictions {
  readonly tokens: Uint32Array;
  readonly count: number;
}

/** Items in groups of `size`, the last of which may be smaller. */
function* inGroups<Item>(items: Iterable<Item>, size: number): Generator<readonly Item[], void> {
  let group: Item[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function interrupted(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'The evaluation was stopped.',
    remedy: 'Start it again when you like.',
  });
}

function readPredictions(split: TokenSplit, { start, length }: EvaluationWindow): Predictions {
  return { tokens: split.read(start, length + 1), count: length };
}

function predictedBytes({ tokens }: Predictions, tokenizer: Tokenizer): number {
  return tokens.subarray(1).reduce((sum, id) => sum + tokenizer.tokenBytes(id).length, 0);
}
