import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../src/shared/models/gpt-configuration.ts';

/** A training task that both sides do: the same shape, batch and sequence length. */
export interface BenchModel {
  readonly name: string;
  readonly shape: GptShape;
  /** Sequences in an optimizer step; each is as long as the shape's context. */
  readonly batchSize: number;
}

function model(
  name: string,
  vocabularySize: number,
  batchSize: number,
  configuration: { contextLength: number; hiddenSize: number; layers: number; heads: number },
): BenchModel {
  return {
    name,
    batchSize,
    shape: resolveGptShape(
      gptConfigurationSchema.parse({ modelType: 'gpt2', dropout: 0, ...configuration }),
      vocabularySize,
    ),
  };
}

/** GPT-2, no dropout. */
export const benchModels: readonly BenchModel[] = [
  model('nano', 65, 12, { contextLength: 64, hiddenSize: 128, layers: 4, heads: 4 }),
  model('shake', 65, 16, { contextLength: 256, hiddenSize: 384, layers: 6, heads: 6 }),
  model('gpt2-124M', 50257, 4, { contextLength: 64, hiddenSize: 768, layers: 12, heads: 12 }),
];

export function benchModel(name: string): BenchModel {
  const found = benchModels.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no benchmark model '${name}'.`);
  return found;
}

/** One line about a model. */
export function describeModel({ name, shape, batchSize }: BenchModel): string {
  return `${name}: ${batchSize} × ${shape.contextLength} tokens, width ${shape.hiddenSize}, ${shape.layers} layers, ${shape.heads} heads, vocabulary ${shape.vocabularySize.toLocaleString('en')}`;
}
