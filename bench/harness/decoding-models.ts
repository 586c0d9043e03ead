import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../src/shared/models/gpt-configuration.ts';

/** The shapes that write text: published small models', with random weights, since the speed does not depend on them. */
export const decodingModels: Readonly<Record<string, GptShape>> = {
  'gpt2-124M': resolveGptShape(
    gptConfigurationSchema.parse({
      modelType: 'gpt2',
      contextLength: 1024,
      hiddenSize: 768,
      layers: 12,
      heads: 12,
    }),
    50257,
  ),
  'llama-135M': resolveGptShape(
    gptConfigurationSchema.parse({
      modelType: 'llama',
      contextLength: 1024,
      hiddenSize: 576,
      layers: 30,
      heads: 9,
      keyValueHeads: 3,
      intermediateSize: 1536,
    }),
    49152,
  ),
};

export function decodingModel(name: string): GptShape {
  const shape = decodingModels[name];
  if (shape === undefined) throw new Error(`There is no decoding model '${name}'.`);
  return shape;
}
