import { z } from 'zod';
import type { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { add, div, mul } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { gather } from '../../../src/main/llm/graph/operators/indexing.ts';
import { reshape, unsqueeze } from '../../../src/main/llm/graph/operators/layout.ts';
import { gemm } from '../../../src/main/llm/graph/operators/matrix.ts';
import { reduceSum } from '../../../src/main/llm/graph/operators/reduction.ts';
import type { Architecture, ClassifierInputs } from '../../../src/main/llm/models/architecture.ts';
import { parameterInputs } from '../../../src/main/llm/models/layers/layer-ops.ts';
import type { RowsOptions } from '../../../src/main/llm/models/layers/rows-layer-ops.ts';
import { countByPart, type Parameter } from '../../../src/main/llm/models/parameter.ts';
import type { ModelDeclaration } from '../../../src/shared/models/model-declaration.ts';

const positive = z.int().positive();

const settingsSchema = z.strictObject({
  architecture: z.literal('bag-of-words').default('bag-of-words').describe('The words, in no order.'),
  contextLength: positive.default(32).describe('How many tokens of a text are read.'),
  hiddenSize: positive.max(1024).default(16).describe('Numbers that stand for a word.'),
});

const shapeSchema = z.object({
  architecture: z.literal('bag-of-words'),
  vocabularySize: positive,
  contextLength: positive,
  dropout: z.literal(0),
  hiddenSize: positive,
  labels: z.array(z.string()),
});
type BagShape = z.output<typeof shapeSchema>;

const names = {
  words: 'words.weight',
  classifier: 'classifier.weight',
  bias: 'classifier.bias',
} as const;

function parameters({ vocabularySize, hiddenSize, labels }: BagShape): readonly Parameter[] {
  const initialization = { kind: 'normal', standardDeviation: 0.02 } as const;
  return [
    {
      name: names.words,
      shape: [vocabularySize, hiddenSize],
      weightDecay: false,
      initialization,
      part: 'embedding',
    },
    {
      name: names.classifier,
      shape: [labels.length, hiddenSize],
      weightDecay: false,
      initialization,
      part: 'output',
    },
    {
      name: names.bias,
      shape: [labels.length],
      weightDecay: false,
      initialization: { kind: 'constant', value: 0 },
      part: 'output',
    },
  ];
}

function readConfig(json: unknown): BagShape {
  const config = z
    .looseObject({
      vocab_size: positive,
      max_position_embeddings: positive,
      hidden_size: positive,
      id2label: z.record(z.string(), z.string()),
    })
    .parse(json);
  return {
    architecture: 'bag-of-words',
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    dropout: 0,
    hiddenSize: config.hidden_size,
    labels: Object.values(config.id2label),
  };
}

const declaration: ModelDeclaration<z.output<typeof settingsSchema>, BagShape> = {
  name: 'bag-of-words',
  title: 'Bag of words',
  description: 'It knows which words a text has, and not their order.',
  settingsSchema,
  shapeSchema,
  resolveShape: ({ contextLength, hiddenSize }, { vocabularySize, labels = [] }) => ({
    architecture: 'bag-of-words',
    vocabularySize,
    contextLength,
    dropout: 0,
    hiddenSize,
    labels: [...labels],
  }),
  settingsOf: ({ architecture, contextLength, hiddenSize }) => ({ architecture, contextLength, hiddenSize }),
  issues: () => [],
  tasks: () => ['classify'],
  modelType: () => 'bag_of_words',
  sizes: ({ hiddenSize }) => [`width ${hiddenSize}`],
  tooLarge: { setting: 'hiddenSize', remedy: 'Choose a smaller width.' },
  usualSettings: [
    { setting: 'hiddenSize', name: 'Width', larger: 'Words are told apart better.', usual: '16.' },
    { setting: 'contextLength', name: 'Context length', usual: '32.' },
  ],
  furtherSettings: [],
  ownText: 'Set the width yourself.',
  presets: [
    {
      name: 'bag',
      title: 'Bag',
      text: 'Tells texts apart by their words.',
      summary: 'a bag of words',
      configuration: {
        objective: 'labels',
        model: { architecture: 'bag-of-words', contextLength: 32, hiddenSize: 16 },
        tokenizer: { kind: 'bpe', vocabularySize: 300 },
        training: { steps: 200, batchSize: 8, learningRate: 5e-2, evaluationInterval: 50 },
      },
    },
  ],
};

/** Scores of the labels from the mean of the words' vectors. */
function addClassifier(
  builder: GraphBuilder,
  shape: BagShape,
  { inputIds, attentionMask }: ClassifierInputs,
  { batchSize, sequenceLength }: RowsOptions,
) {
  const weight = parameterInputs(builder, parameters(shape));
  const vectors = reshape(gather(weight(names.words), reshape(inputIds, [-1])), [
    batchSize,
    sequenceLength,
    shape.hiddenSize,
  ]);
  const sum = reduceSum(mul(vectors, unsqueeze(attentionMask, [2])), [1], false);
  const mean = div(sum, add(reduceSum(attentionMask, [1], true), 1e-6));
  return { logits: add(gemm(mean, weight(names.classifier), { transB: true }), weight(names.bias)), weight };
}

/** A model that classifies and cannot write: an architecture that no file outside the tests names. */
export const bagOfWords: Architecture<BagShape> = {
  declaration,
  configReaders: new Map([['bag_of_words', readConfig]]),
  writeConfig: (shape, { endOfText }) => ({
    model_type: 'bag_of_words',
    vocab_size: shape.vocabularySize,
    max_position_embeddings: shape.contextLength,
    hidden_size: shape.hiddenSize,
    id2label: Object.fromEntries(shape.labels.map((label, number) => [String(number), label])),
    eos_token_id: endOfText,
  }),
  basePrefix: () => 'words.',
  isRedundantTensor: () => false,
  facts: ({ labels }) => [{ label: 'Classes', value: labels.length }],
  parameters,
  countParameters: (shape) => countByPart(parameters(shape)),
  dropoutMasks: () => [],
  trainingCost: ({ hiddenSize }) => ({
    operations: 6 * hiddenSize,
    keptValues: hiddenSize,
    keptValuesWithCheckpointing: hiddenSize,
    width: hiddenSize,
  }),
  addClassifier,
  trialShapes: () => [
    {
      architecture: 'bag-of-words',
      vocabularySize: 11,
      contextLength: 8,
      dropout: 0,
      hiddenSize: 4,
      labels: ['one', 'other'],
    },
  ],
};
