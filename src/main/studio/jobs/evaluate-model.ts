import { loadDeviceWeights } from '../../llm/checkpoints/device-weights.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { openTokenShards, type TokenDataset, type TokenSplit } from '../../llm/data/token-shards.ts';
import { createOnnxRuntimeEngine } from '../../llm/engines/onnxruntime/engine.ts';
import { createEvaluator, type Evaluation } from '../../llm/evaluation/evaluate.ts';
import { assertNever } from '../../../shared/errors.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';
import type { ModelProcedures } from './model-protocol.ts';

/** Measures how well a model predicts a part of an encoded dataset. */
export async function evaluateModel(
  { model: folder, tokens, split, threads }: ModelProcedures['evaluate']['parameters'],
  signal: AbortSignal,
): Promise<Evaluation> {
  const model = await openModelFolder(folder);
  const data = await openTokenShards(tokens);
  const engine = await createOnnxRuntimeEngine({ threads });
  try {
    const { shape, tokenizer } = model;
    const weights = await loadDeviceWeights(engine, shape, (name) => model.weights.read(name), signal);
    const evaluator = await createEvaluator({ engine, shape, weights: weights.tensors, tokenizer });
    const parts: Evaluation[] = [];
    for (const part of partsOf(data, split)) parts.push(await evaluator.evaluate({ split: part, signal }));
    await evaluator.dispose();
    return combine(parts);
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

/** One measurement over several parts: every token counts the same. */
export function combine(parts: readonly Evaluation[]): Evaluation {
  const sum = (of: (part: Evaluation) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const tokens = sum((part) => part.tokens);
  const bytes = sum((part) => part.bytes);
  const nats = sum((part) => part.loss * part.tokens);
  const loss = nats / tokens;
  return {
    loss,
    perplexity: Math.exp(loss),
    bitsPerByte: nats / Math.LN2 / bytes,
    tokens,
    bytes,
    complete: parts.every((part) => part.complete),
  };
}
