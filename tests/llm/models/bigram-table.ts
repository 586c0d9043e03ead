import { z } from 'zod';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { gather } from '../../../src/main/llm/graph/operators/indexing.ts';
import { reshape, transpose } from '../../../src/main/llm/graph/operators/layout.ts';
import { gemm, matMul } from '../../../src/main/llm/graph/operators/matrix.ts';
import type { Architecture } from '../../../src/main/llm/models/architecture.ts';
import { exportedParameters } from '../../../src/main/llm/models/layers/exported-parameters.ts';
import { parameterInputs } from '../../../src/main/llm/models/layers/layer-ops.ts';
import { rowsOf } from '../../../src/main/llm/models/layers/rows-layer-ops.ts';
import type { ModelDeclaration } from '../../../src/shared/models/model-declaration.ts';
import { countByPart, type Parameter } from '../../../src/main/llm/models/parameter.ts';

const positive = z.int().positive();

/** What a table is for. No program lets one embed: it stands for models that do what nothing here asks of them. */
const useSchema = z.enum(['generate', 'embed']).default('generate').describe('What the model is for.');

const settingsSchema = z.strictObject({
  architecture: z.literal('bigram-table').default('bigram-table').describe('A table of pairs of tokens.'),
  contextLength: positive.default(16).describe('How many tokens are read at once.'),
  rank: positive.max(1024).default(16).describe('Rank of the table: it is the product of two matrices.'),
  use: useSchema,
});

const shapeSchema = z.object({
  architecture: z.literal('bigram-table'),
  vocabularySize: positive,
  contextLength: positive,
  dropout: z.literal(0),
  /** Rank of the table: it is the product of two matrices of this width. */
  rank: positive,
  use: useSchema,
});
type BigramShape = z.output<typeof shapeSchema>;

const before = 'table.before.weight';
const after = 'table.after.weight';

function parameters({ vocabularySize, rank }: BigramShape): readonly Parameter[] {
  const matrix = (name: string, part: 'embedding' | 'output'): Parameter => ({
    name,
    shape: [vocabularySize, rank],
    weightDecay: false,
    initialization: { kind: 'normal', standardDeviation: 0.02 },
    part,
  });
  return [matrix(before, 'embedding'), matrix(after, 'output')];
}

function readConfig(json: unknown): BigramShape {
  const config = z
    .looseObject({ vocab_size: positive, max_position_embeddings: positive, rank: positive, use: useSchema })
    .parse(json);
  return {
    architecture: 'bigram-table',
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    dropout: 0,
    rank: config.rank,
    use: config.use,
  };
}

const bigramDeclaration: ModelDeclaration<z.output<typeof settingsSchema>, BigramShape> = {
  name: 'bigram-table',
  title: 'Bigram table',
  description: 'It knows only the token before.',
  settingsSchema,
  shapeSchema,
  resolveShape: ({ contextLength, rank, use }, { vocabularySize }) => ({
    architecture: 'bigram-table',
    vocabularySize,
    contextLength,
    dropout: 0,
    rank,
    use,
  }),
  settingsOf: ({ architecture, contextLength, rank, use }) => ({ architecture, contextLength, rank, use }),
  issues: ({ rank }) =>
    rank % 2 === 0
      ? []
      : [
          {
            rule: 'evenRank',
            severity: 'error',
            path: 'model.rank',
            what: `A rank of ${rank} is odd.`,
            remedy: `Take ${rank + 1}.`,
            corrections: [{ label: `Rank ${rank + 1}`, changes: [{ path: 'model.rank', value: rank + 1 }] }],
          },
        ],
  tasks: ({ use }) => [use],
  modelType: () => 'bigram_table',
  sizes: ({ rank }) => [`rank ${rank}`],
  tooLarge: { setting: 'rank', remedy: 'Choose a smaller rank.' },
  usualSettings: [
    { setting: 'rank', name: 'Rank', larger: 'Pairs are told apart better.', usual: '16.' },
    { setting: 'contextLength', name: 'Context length', usual: '16.' },
  ],
  furtherSettings: [],
  ownText: 'Set the rank yourself.',
  presets: [
    {
      name: 'pairs',
      title: 'Pairs',
      text: 'Learns which token follows which.',
      summary: 'a table of pairs of tokens',
      configuration: {
        model: { architecture: 'bigram-table', contextLength: 16, rank: 16 },
        tokenizer: { kind: 'char' },
        training: { steps: 200, batchSize: 8, learningRate: 5e-2, evaluationInterval: 50 },
      },
    },
  ],
};

/** A model that knows only the token before: an architecture that no file outside the tests names. */
export const bigramTable: Architecture<BigramShape> = {
  declaration: bigramDeclaration,
  configReaders: new Map([['bigram_table', readConfig]]),
  writeConfig: (shape, { endOfText }) => ({
    model_type: 'bigram_table',
    vocab_size: shape.vocabularySize,
    max_position_embeddings: shape.contextLength,
    rank: shape.rank,
    use: shape.use,
    eos_token_id: endOfText,
  }),
  basePrefix: () => 'table.',
  isRedundantTensor: () => false,
  facts: ({ rank }) => [{ label: 'Rank', value: rank }],
  parameters,
  countParameters: (shape) => countByPart(parameters(shape)),
  dropoutMasks: () => [],
  trainingCost: ({ vocabularySize, rank }) => ({
    operations: 6 * vocabularySize * rank,
    keptValues: rank,
    keptValuesWithCheckpointing: rank,
    width: rank,
  }),
  addLayers: (builder, shape, inputIds, { batchSize }) => {
    const weight = parameterInputs(builder, parameters(shape));
    return {
      hidden: gather(weight(before), rowsOf(inputIds, batchSize)),
      outputWeight: weight(after),
      weight,
    };
  },
  generationGraph: (shape) => {
    const builder = new GraphBuilder('bigram_generation');
    const inputIds = builder.input('input_ids', 'int64', [1, 'sequence']);
    const weight = parameterInputs(builder, parameters(shape));
    const last = gather(reshape(inputIds, [-1]), builder.integers([-1]));
    builder.output('logits', gemm(gather(weight(before), last), weight(after), { transB: true }));
    return builder.finish();
  },
  exportGraph: (shape) => {
    const builder = new GraphBuilder('bigram_table');
    const inputIds = builder.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
    const { parameter, used } = exportedParameters(builder, parameters(shape));
    builder.output('logits', matMul(gather(parameter(before, false), inputIds), parameter(after, true)));
    return { graph: builder.finish(), parameters: used() };
  },
  inspectionGraph: (shape, { sequenceLength }) => {
    const builder = new GraphBuilder('bigram_inspection');
    const inputIds = builder.input('input_ids', 'int64', [1, sequenceLength]);
    const weight = parameterInputs(builder, parameters(shape));
    const rows = gather(weight(before), reshape(inputIds, [-1]));
    builder.output('logits', matMul(rows, transpose(weight(after), [1, 0])));
    return builder.finish();
  },
  trialShapes: () => [
    {
      architecture: 'bigram-table',
      vocabularySize: 11,
      contextLength: 8,
      dropout: 0,
      rank: 4,
      use: 'generate',
    },
  ],
};
