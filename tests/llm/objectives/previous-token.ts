import type { TokenSplit } from '../../../src/main/llm/data/token-shards.ts';
import { nextToken } from '../../../src/main/llm/objectives/next-token/objective.ts';
import type { Objective } from '../../../src/main/llm/objectives/objective.ts';

/** A text read from its end to its beginning. */
function reversed(split: TokenSplit): TokenSplit {
  return {
    ...split,
    read: (start, count) => split.read(split.tokens - start - count, count).toReversed(),
  };
}

/** Predicting the token before from those after it: an objective that no file outside the tests names. */
export const previousToken: Objective<TokenSplit> = {
  ...nextToken,
  declaration: { ...nextToken.declaration, name: 'previous-token', title: 'Read these texts backwards' },
  drawBatch: ({ split, ...options }) => nextToken.drawBatch({ ...options, split: reversed(split) }),
  measuredBatch: (train, shape, sequences) => nextToken.measuredBatch(reversed(train), shape, sequences),
  createEvaluator: async (options) => {
    const evaluator = await nextToken.createEvaluator(options);
    return {
      ...evaluator,
      evaluate: ({ split, ...extent }) => evaluator.evaluate({ ...extent, split: reversed(split) }),
    };
  },
};
