import type { ModelShape } from '../../../../shared/models/model-shape.ts';
import { readWindows } from '../../data/windows.ts';
import type { TokenSplit } from '../../data/token-shards.ts';
import {
  createWindowSampler,
  requireTokensForContext,
  windowSamplerStateSchema,
} from '../../data/window-sampler.ts';
import type { Batch } from '../batch.ts';
import type { Objective } from '../objective.ts';
import { measureBigram } from './bigram-baseline.ts';
import { nextTokenDeclaration } from './declaration.ts';
import { tokensInSequence } from './examples.ts';
import { combineNextToken, createNextTokenEvaluator, type NextTokenEvaluation } from './evaluator.ts';
import { addTokenLoss } from '../token-loss.ts';

/**
 * Predicting each token from those before it: how a model that writes text is trained from nothing (Radford et al.,
 * "Improving Language Understanding by Generative Pre-Training", 2018, §3.1).
 */
export const nextToken: Objective<TokenSplit, NextTokenEvaluation> = {
  declaration: nextTokenDeclaration,
  examples: tokensInSequence,
  requireEnough: (train, { contextLength }) => requireTokensForContext(train.tokens, contextLength),
  largestForm: (_, { contextLength }) => ({ sequenceLength: contextLength }),
  drawBatch: ({ split, shape, batchSize, seed, state }) => {
    const sampler = createWindowSampler({
      tokens: split.tokens,
      contextLength: shape.contextLength,
      seed,
      ...(state === undefined ? {} : { state: windowSamplerStateSchema.parse(state) }),
    });
    const starts = Array.from({ length: batchSize }, () => sampler.next());
    return { batch: windowBatch(split, starts, shape), state: sampler.state() };
  },
  measuredBatch: (train, shape, sequences) =>
    windowBatch(
      train,
      Array.from({ length: sequences }, () => 0),
      shape,
    ),
  syntheticSplit: tokensInTurn,
  addLoss: addTokenLoss,
  predictionsOf: ({ tokens }) => tokens - 1,
  createEvaluator: createNextTokenEvaluator,
  combine: combineNextToken,
  measureBaseline: measureBigram,
};

/** The windows that begin at `starts`; each token's loss is weighted by 1 / (tokens of the batch), so that the sum is the mean. */
function windowBatch(split: TokenSplit, starts: readonly number[], { contextLength }: ModelShape): Batch {
  const shape = [starts.length, contextLength];
  const { inputIds, targets } = readWindows(split, starts, contextLength);
  const weights = new Float32Array(inputIds.length).fill(1 / inputIds.length);
  return {
    sequences: starts.length,
    sequenceLength: contextLength,
    inputs: {
      input_ids: { dtype: 'int64', shape, data: inputIds },
      targets: { dtype: 'int64', shape, data: targets },
      loss_weights: { dtype: 'float32', shape, data: weights },
    },
  };
}

/** A text of all tokens, one after another. */
function tokensInTurn({ vocabularySize, contextLength }: ModelShape): TokenSplit {
  const tokens = 16 * (contextLength + 1);
  return {
    tokens,
    bytes: tokens,
    documents: 1,
    read: (start, count) =>
      Uint32Array.from({ length: count }, (_, place) => (start + place) % vocabularySize),
  };
}
