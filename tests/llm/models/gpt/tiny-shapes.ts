import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../src/shared/models/gpt-configuration.ts';
import type { GptModelType } from '../../../../src/shared/models/gpt-model-types.ts';

/** A model of a few hundred parameters; two query heads share a key head where its model type allows it. */
export function tinyShape(modelType: GptModelType, changes: { readonly dropout?: number } = {}): GptShape {
  return resolveGptShape(
    gptConfigurationSchema.parse({
      modelType,
      contextLength: 6,
      hiddenSize: 8,
      layers: 2,
      heads: 2,
      intermediateSize: 6,
      tiedEmbeddings: modelType !== 'llama',
      ...(modelType === 'gpt2' ? {} : { keyValueHeads: 1 }),
      ...changes,
    }),
    7,
  );
}
