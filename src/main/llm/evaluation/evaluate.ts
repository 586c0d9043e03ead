import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { TokenSplit } from '../data/token-shards.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { automaticLossChunks } from '../objectives/loss-chunks.ts';
import { buildEvaluationGraph } from '../objectives/next-token/graphs.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { evaluationWindows, type EvaluationWindow } from './windows.ts';

/** How well a model predicts a split. */
export interface Evaluation {
  /** Mean over the predicted tokens of −ln p, in nats. */
  readonly loss: number;
  /** exp(loss). */
  readonly perplexity: number;
  /** The summed loss in bits over the bytes of the predicted text: comparable between tokenizers. */
  readonly bitsPerByte: number;
  /** Number of tokens predicted. Over a whole split that is all but its first one; see `evaluationWindows`. */
  readonly tokens: number;
  /** UTF-8 bytes that the predicted tokens stand for; an end-of-text token stands for none. */
  readonly bytes: number;
  /** Whether the whole split was used. */
  readonly complete: boolean;
}

export interface EvaluatorOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  /** The model's parameters by name. They may change between evaluations. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  /** Tokens that the model sees at once; at most the shape's. Default: the shape's. */
  readonly contextLength?: number;
  /** Counts the bytes of a part of a split exactly; without it they are taken as proportional to the tokens. */
  readonly tokenizer?: Tokenizer;
}

export interface EvaluationExtent {
  readonly split: TokenSplit;
  /** Predict about so many tokens, spread over the split. Default: the whole split. */
  readonly maximumTokens?: number;
  readonly signal?: AbortSignal;
  /** Says how many tokens were predicted so far. */
  readonly onProgress?: (tokens: number) => void;
}

/** Measures the loss again and again with one compiled program. */
export interface Evaluator {
  /** How many tokens one run of the program sees: evaluating fewer takes as long. */
  readonly tokensAtOnce: number;
  /** @throws LoamError of kind 'input' when the split has fewer than two tokens, of kind 'interrupted' on `signal` */
  evaluate(extent: EvaluationExtent): Promise<Evaluation>;
  dispose(): Promise<void>;
}

/** About how many tokens one run of the program sees: enough to keep the cores busy, few enough for their caches. */
const aimedTokensAtOnce = 1024;

export async function createEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  const { engine, shape, weights, tokenizer, contextLength = shape.contextLength } = options;
  const batchSize = Math.max(1, Math.floor(aimedTokensAtOnce / contextLength));
  const positions = batchSize * contextLength;
  const program = await engine.compile(
    buildEvaluationGraph(shape, {
      batchSize,
      sequenceLength: contextLength,
      lossChunks: automaticLossChunks(positions, shape.vocabularySize),
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
    tokensAtOnce: positions,
    async evaluate({ split, maximumTokens = Infinity, signal, onProgress }) {
      if (split.tokens < 2) {
        throw new LoamError({
          kind: 'input',
          what: `The text to evaluate on has ${split.tokens} tokens; at least two are needed.`,
          remedy: 'Use more text, or keep a larger share of it aside for validation.',
        });
      }
      const windows = evaluationWindows(split.tokens, contextLength, maximumTokens);
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
        perplexity: Math.exp(mean),
        bitsPerByte: nats / Math.LN2 / bytes,
        tokens,
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

/** Measures the loss once. */
export async function evaluate(options: EvaluatorOptions & EvaluationExtent): Promise<Evaluation> {
  const evaluator = await createEvaluator(options);
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
