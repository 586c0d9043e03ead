import { writeModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';

/** Writes a model of random weights, large enough that its texts are varied, which never ends a text by itself. */
export async function writeTinyModel(folder: string, seed = 5): Promise<void> {
  async function* documents() {
    yield 'the quick brown fox jumps over the lazy dog';
  }
  const tokenizer = await trainTokenizer({
    documents: documents(),
    kind: 'char',
    vocabularySize: 100,
    minimumFrequency: 1,
  });
  const shape = resolveGptShape(
    gptConfigurationSchema.parse({
      modelType: 'llama',
      contextLength: 32,
      hiddenSize: 32,
      layers: 2,
      heads: 2,
    }),
    tokenizer.vocabularySize,
  );
  const weights = new Map(
    [...initializeParameters(gptParameters(shape), seed)].map(({ name, data }) => [
      name,
      data.map((value) => 8 * value),
    ]),
  );
  await writeModelFolder(folder, { shape, tokenizer, weights: (name) => weights.get(name)! });
}
