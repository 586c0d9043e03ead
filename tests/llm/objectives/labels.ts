import {
  createExampleSampler,
  exampleSamplerStateSchema,
} from '../../../src/main/llm/data/examples/example-sampler.ts';
import type { ExampleSplit } from '../../../src/main/llm/data/examples/open-part.ts';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { crossEntropy } from '../../../src/main/llm/graph/functions/cross-entropy.ts';
import type { ClassifierOutput } from '../../../src/main/llm/models/architecture.ts';
import { architectureOf } from '../../../src/main/llm/models/registry.ts';
import {
  labelledColumns,
  labelledTextFormat,
  labelledTexts,
  requireClasses,
} from '../../../src/main/llm/objectives/labelled-texts.ts';
import type { Batch } from '../../../src/main/llm/objectives/batch.ts';
import type { Evaluation, Objective } from '../../../src/main/llm/objectives/objective.ts';
import type { ModelShape } from '../../../src/shared/models/model-shape.ts';
import type { ObjectiveDeclaration } from '../../../src/shared/objectives/objective.ts';

const declaration: ObjectiveDeclaration = {
  name: 'labels',
  title: 'Tell texts apart',
  description: 'A model that learns which label a text has.',
  task: 'classify',
  needs: ['label'],
  examples: labelledTexts,
  predictions: 'texts',
  loss: {
    name: 'loss',
    term: { name: 'Loss', what: 'How surprised the model is by the label, on average, in nats.' },
    format: 'decimal',
    better: 'lower',
  },
  figures: [
    {
      name: 'accuracy',
      term: { name: 'Accuracy', what: 'How many of the texts get their own label.' },
      format: 'share',
      better: 'higher',
    },
  ],
  headline: 'accuracy',
};

/** The examples of these numbers, each padded to the model's context. */
function batchOf(split: ExampleSplit, examples: readonly number[], { contextLength }: ModelShape): Batch {
  const sequences = examples.length;
  const inputIds = new BigInt64Array(sequences * contextLength);
  const attentionMask = new Float32Array(sequences * contextLength);
  for (const [row, example] of examples.entries()) {
    const ids = split.read(labelledColumns.text, example, contextLength);
    inputIds.set(BigInt64Array.from(ids, BigInt), row * contextLength);
    attentionMask.fill(1, row * contextLength, row * contextLength + ids.length);
  }
  const texts = [sequences, contextLength];
  const labels = BigInt64Array.from(examples, (example) =>
    BigInt(split.read(labelledColumns.label, example)[0]!),
  );
  return {
    sequences,
    sequenceLength: contextLength,
    inputs: {
      input_ids: { dtype: 'int64', shape: texts, data: inputIds },
      attention_mask: { dtype: 'float32', shape: texts, data: attentionMask },
      labels: { dtype: 'int64', shape: [sequences], data: labels },
      loss_weights: {
        dtype: 'float32',
        shape: [sequences],
        data: new Float32Array(sequences).fill(1 / sequences),
      },
    },
  };
}

function addClassifier(
  builder: GraphBuilder,
  shape: ModelShape,
  options: { readonly batchSize: number; readonly sequenceLength: number },
): ClassifierOutput {
  const texts = [options.batchSize, options.sequenceLength];
  const inputIds = builder.input('input_ids', 'int64', texts);
  const attentionMask = builder.input('attention_mask', 'float32', texts);
  return architectureOf(shape).addClassifier!(builder, shape, { inputIds, attentionMask }, options);
}

const textsAtOnce = 8;

/** Learning the label of a text: an objective that no file outside the tests names. */
export const labels: Objective<ExampleSplit> = {
  declaration,
  examples: labelledTextFormat,
  requireEnough: (_, shape) => void requireClasses(shape.labels),
  largestForm: (_, { contextLength }) => ({ sequenceLength: contextLength }),
  drawBatch: ({ split, shape, batchSize, seed, state }) => {
    const sampler = createExampleSampler({
      examples: split.documents,
      seed,
      ...(state === undefined ? {} : { state: exampleSamplerStateSchema.parse(state) }),
    });
    const examples = Array.from({ length: batchSize }, () => sampler.next());
    return { batch: batchOf(split, examples, shape), state: sampler.state() };
  },
  measuredBatch: (train, shape, sequences) =>
    batchOf(
      train,
      Array.from({ length: sequences }, () => 0),
      shape,
    ),
  syntheticSplit: ({ contextLength, vocabularySize }) => ({
    documents: 2,
    tokens: 2 * contextLength,
    bytes: 2 * contextLength,
    length: (column) => (column === labelledColumns.label ? 1 : contextLength),
    read: (column, example) =>
      column === labelledColumns.label
        ? Uint32Array.of(example)
        : Uint32Array.from({ length: contextLength }, (_, place) => (place + example) % vocabularySize),
  }),
  addLoss: (builder, shape, options) => {
    const { logits, weight } = addClassifier(builder, shape, options);
    const target = builder.input('labels', 'int64', [options.batchSize]);
    const lossWeights = builder.input('loss_weights', 'float32', [options.batchSize]);
    return { loss: crossEntropy(logits, target, lossWeights), weight };
  },
  predictionsOf: ({ documents }) => documents,
  createEvaluator: async ({ engine, shape, weights }) => {
    const builder = new GraphBuilder('labels_evaluation');
    const size = { batchSize: textsAtOnce, sequenceLength: shape.contextLength };
    const classes = requireClasses(shape.labels).length;
    builder.output('logits', addClassifier(builder, shape, size).logits);
    const program = await engine.compile(builder.finish());
    const inputIds = engine.allocate('int64', [textsAtOnce, shape.contextLength]);
    const attentionMask = engine.allocate('float32', [textsAtOnce, shape.contextLength]);
    const logits = engine.allocate('float32', [textsAtOnce, classes]);
    return {
      predictionsAtOnce: textsAtOnce,
      async evaluate({ split, maximumPredictions = Infinity, signal, onProgress }) {
        const count = Math.min(split.documents, maximumPredictions);
        let nats = 0;
        let right = 0;
        for (let first = 0; first < count; first += textsAtOnce) {
          const examples = Array.from({ length: textsAtOnce }, (_, row) => Math.min(first + row, count - 1));
          const { inputs } = batchOf(split, examples, shape);
          await engine.write(inputIds, inputs['input_ids']!.data);
          await engine.write(attentionMask, inputs['attention_mask']!.data);
          await program.run(
            { ...weights, input_ids: inputIds, attention_mask: attentionMask, logits },
            signal,
          );
          const scores = Array.from(await engine.read(logits), Number);
          for (let row = 0; row < Math.min(textsAtOnce, count - first); row += 1) {
            const own = scores.slice(row * classes, (row + 1) * classes);
            const label = Number(inputs['labels']!.data[row]);
            nats += Math.log(own.reduce((sum, score) => sum + Math.exp(score - own[label]!), 0));
            if (own[label] === Math.max(...own)) right += 1;
          }
          onProgress?.(Math.min(count, first + textsAtOnce));
        }
        return {
          loss: nats / count,
          figures: { accuracy: right / count },
          predictions: count,
          complete: count === split.documents,
        };
      },
      async dispose() {
        await program.dispose();
        for (const tensor of [inputIds, attentionMask, logits]) tensor.dispose();
      },
    };
  },
  combine: (parts) => {
    const predictions = parts.reduce((sum, part) => sum + part.predictions, 0);
    const mean = (of: (part: Evaluation) => number): number =>
      parts.reduce((sum, part) => sum + of(part) * part.predictions, 0) / predictions;
    return {
      loss: mean(({ loss }) => loss),
      figures: { accuracy: mean(({ figures }) => figures['accuracy'] ?? 0) },
      predictions,
      complete: parts.every(({ complete }) => complete),
    };
  },
};
