import { expect, it } from 'vitest';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import { trainedPart } from '../../../src/main/llm/training/trained-part.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';

const parametersWith = (settings: object) =>
  parametersOf(
    resolveGptShape(gptConfigurationSchema.parse({ layers: 3, hiddenSize: 16, heads: 2, ...settings }), 20),
  );

const learning = (settings: object, count: number | undefined): readonly string[] => {
  const parameters = parametersWith(settings);
  return parameters.filter(trainedPart(parameters, { trainedLayers: count }).learns).map(({ name }) => name);
};

it('everything learns where nothing is said', () => {
  expect(learning({}, undefined)).toEqual(parametersWith({}).map(({ name }) => name));
});

it('the topmost layers learn, and the norm after them', () => {
  const names = learning({}, 1);
  expect(names).toContain('transformer.h.2.attn.c_attn.weight');
  expect(names).toContain('transformer.ln_f.weight');
  expect(names.filter((name) => /\.h\.[01]\.|wte|wpe/.test(name))).toEqual([]);
});

it('an output layer of its own learns, one that is tied to the embedding stays with it', () => {
  expect(learning({ modelType: 'llama', tiedEmbeddings: false }, 1)).toContain('lm_head.weight');
  expect(learning({ modelType: 'llama' }, 1)).not.toContain('model.embed_tokens.weight');
});

it('more layers than there are, are all of them', () => {
  const names = learning({}, 9);
  expect(
    parametersWith({})
      .map(({ name }) => name)
      .filter((name) => !names.includes(name)),
  ).toEqual(['transformer.wte.weight', 'transformer.wpe.weight']);
});
