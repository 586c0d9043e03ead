import { expect, test } from 'vitest';
import { trainingStepFlops } from '../../bench/harness/flops.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../src/shared/models/gpt-configuration.ts';

test('The operations of a training step of GPT-2 small are those that nanoGPT counts', () => {
  const configuration = { contextLength: 1024, hiddenSize: 768, layers: 12, heads: 12 };
  const shape = resolveGptShape(gptConfigurationSchema.parse(configuration), 50257);
  // karpathy/nanoGPT, transformer_sizing.ipynb: forward and backward of one sequence, counted product by product.
  expect(trainingStepFlops(shape, 1024)).toBe(874_944_921_600);
});
