import { loadDeviceWeights } from '../../llm/checkpoints/device-weights.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { isModelFile, requireIntactFolder } from '../../llm/files/manifest.ts';
import { openTokenShards, type TokenDataset, type TokenSplit } from '../../llm/data/token-shards.ts';
import { bigramBaseline } from '../../llm/objectives/next-token/bigram-baseline.ts';
import {
  createNextTokenEvaluator,
  type NextTokenEvaluation,
} from '../../llm/objectives/next-token/evaluator.ts';
import { assertNever } from '../../../shared/errors.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';
import { openEngine } from '../engines/open-engine.ts';
import type { EvaluationProcedures, MeasuredModel } from './evaluation-protocol.ts';

/** Counting pairs of more tokens than this takes more memory than the comparison is worth. */
const mostBigramTokens = 20_000_000;

/** Measures how well a model predicts a part of an encoded dataset. */
export async function evaluateModel(
  {
    model: folder,
    tokens,
    split,
    engine: engineName,
    threads,
    bigramTokens,
  }: EvaluationProcedures['evaluate']['parameters'],
  signal: AbortSignal,
  onProgress?: (progress: EvaluationProcedures['evaluate']['event']) => void,
): Promise<MeasuredModel> {
  await requireIntactFolder(folder, { concerns: isModelFile, signal });
  const model = await openModelFolder(folder);
  const data = await openTokenShards(tokens);
  const engine = await openEngine(engineName, threads);
  try {
    const { shape, tokenizer } = model;
    const weights = await loadDeviceWeights(engine, shape, (name) => model.weights.read(name), signal);
    const evaluator = await createNextTokenEvaluator({ engine, shape, weights: weights.tensors, tokenizer });
    const splits = partsOf(data, split);
    const total = splits.reduce((sum, part) => sum + part.tokens, 0);
    const parts: NextTokenEvaluation[] = [];
    for (const part of splits) {
      const before = parts.reduce((sum, each) => sum + each.predictions, 0);
      const report = (done: number): void => onProgress?.({ done: before + done, total });
      parts.push(await evaluator.evaluate({ split: part, signal, onProgress: report }));
    }
    await evaluator.dispose();
    const bigramLoss =
      bigramTokens === undefined
        ? undefined
        : await measureBigram(bigramTokens, splits, tokenizer.vocabularySize, signal);
    return { ...combine(parts), ...(bigramLoss === undefined ? {} : { bigramLoss }) };
  } finally {
    // Frees the weights too.
    await engine.dispose();
    data.close();
    await model.close();
  }
}

function partsOf(data: TokenDataset, split: EvaluationSplit): readonly TokenSplit[] {
  switch (split) {
    case 'validation':
      return [data.validation];
    case 'train':
      return [data.train];
    case 'all':
      return [data.train, data.validation];
    default:
      return assertNever(split);
  }
}

/** What a bigram model of the training text scores on the same parts; undefined where the text is too long to count. */
async function measureBigram(
  folder: string,
  splits: readonly TokenSplit[],
  vocabularySize: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const data = await openTokenShards(folder);
  const { train } = data;
  try {
    if (train.tokens > mostBigramTokens) return undefined;
    const parts = splits.map((validation) => bigramBaseline({ train, validation, vocabularySize, signal }));
    const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
    return parts.reduce((sum, part) => sum + part.loss * part.tokens, 0) / tokens;
  } finally {
    data.close();
  }
}

/** One measurement over several parts: every token counts the same. */
export function combine(parts: readonly NextTokenEvaluation[]): NextTokenEvaluation {
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
