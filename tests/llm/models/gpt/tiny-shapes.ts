import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../src/shared/models/gpt-configuration.ts';
import type { GptStyle } from '../../../../src/shared/models/gpt-styles.ts';

/** A model of a few hundred parameters; two query heads share a key head where the style allows it. */
export function tinyShape(style: GptStyle, changes: { readonly dropout?: number } = {}): GptShape {
  return resolveGptShape(
    gptConfigurationSchema.parse({
      style,
      contextLength: 6,
      hiddenSize: 8,
      layers: 2,
      heads: 2,
      intermediateSize: 6,
      tiedEmbeddings: style !== 'llama',
      ...(style === 'gpt2' ? {} : { keyValueHeads: 1 }),
      ...changes,
    }),
    7,
  );
}
