import { createExampleSampler, exampleSamplerStateSchema } from '../../data/examples/example-sampler.ts';
import type { ExampleSplit } from '../../data/examples/open-part.ts';
import { conversationColumns, markedConversationFormat } from '../marked-conversations.ts';
import type { Objective } from '../objective.ts';
import { conversationBatch, fullBatch, longestForm, predictionsOf, readExample } from './batch.ts';
import { answersDeclaration } from './declaration.ts';
import { combineAnswers, createAnswersEvaluator, trainedTokensOf } from './evaluator.ts';
import { addAnswersLoss } from './loss.ts';

/**
 * Predicting the answers of conversations, and not what is asked: supervised fine-tuning (Ouyang et al., "Training language
 * models to follow instructions with human feedback", 2022, §3.5). Each trained token of a step weighs the same, whatever
 * conversation it is of.
 */
export const answers: Objective<ExampleSplit> = {
  declaration: answersDeclaration,
  examples: markedConversationFormat,
  // Two conversations are enough, and fewer are refused when they are written.
  requireEnough: () => undefined,
  largestForm: (train, { contextLength }) => longestForm(train, contextLength),
  drawBatch: ({ split, shape, batchSize, seed, state }) => {
    const sampler = createExampleSampler({
      examples: split.documents,
      seed,
      ...(state === undefined ? {} : { state: exampleSamplerStateSchema.parse(state) }),
    });
    const examples = Array.from({ length: batchSize }, () => readExample(split, sampler.next()));
    const { batch } = conversationBatch(examples, {
      contextLength: shape.contextLength,
      predictions: examples.reduce((sum, example) => sum + predictionsOf(example), 0),
    });
    return { batch, state: sampler.state() };
  },
  measuredBatch: (train, { contextLength }, sequences) =>
    fullBatch(longestForm(train, contextLength), sequences),
  syntheticSplit: ({ contextLength, vocabularySize }) => ({
    documents: 2,
    tokens: 2 * contextLength,
    bytes: 2 * contextLength,
    length: () => contextLength,
    read: (column, example) =>
      Uint32Array.from({ length: contextLength }, (_, place) =>
        column === conversationColumns.trained ? 1 : (place + example) % vocabularySize,
      ),
  }),
  question: (split, number) => {
    const { ids, trained } = readExample(split, number);
    const end = trained.lastIndexOf(1) + 1;
    // The last reply, however many there are.
    const start = trained.lastIndexOf(0, end - 1) + 1;
    return { prompt: Array.from(ids.subarray(0, start)), answer: Array.from(ids.subarray(start, end)) };
  },
  addLoss: addAnswersLoss,
  predictionsOf: trainedTokensOf,
  createEvaluator: createAnswersEvaluator,
  combine: combineAnswers,
};
