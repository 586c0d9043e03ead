import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModelWeights } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { openSafetensors } from '../../../src/main/llm/checkpoints/safetensors.ts';
import type { DeviceTensor, Engine } from '../../../src/main/llm/engines/engine.ts';
import { createForwardPass } from '../../../src/main/llm/generation/forward-pass.ts';
import { createGenerator } from '../../../src/main/llm/generation/generate.ts';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import { gptModelTypes, type GptModelType } from '../../../src/shared/models/gpt-model-types.ts';
import type { ModelShape } from '../../../src/shared/models/model-shape.ts';
import { alphabetOf, letterTokenizer } from './letter-tokenizer.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/transformers');

interface Expected {
  readonly prompt: readonly number[];
  readonly greedy: readonly number[];
}

async function loadWeights(
  engine: Engine,
  modelType: GptModelType,
): Promise<{ shape: ModelShape; weights: Record<string, DeviceTensor> }> {
  const model = await openModelWeights(join(fixtures, modelType));
  const weights: Record<string, DeviceTensor> = {};
  for (const { name, shape } of parametersOf(model.shape)) {
    const tensor = engine.allocate('float32', shape);
    await engine.write(tensor, await model.weights.read(name));
    weights[name] = tensor;
  }
  await model.weights.close();
  return { shape: model.shape, weights };
}

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? Number.NaN))), 0);

/** Compares what an engine makes of models by prefill and decoding with what transformers computed. */
export function describeGreedyParity(engine: () => Engine): void {
  describe.each(gptModelTypes)('a model of transformers, of model type %s', (modelType) => {
    const expected = JSON.parse(readFileSync(join(fixtures, modelType, 'expected.json'), 'utf8')) as Expected;

    it('has the logits that transformers computes, by prefill and by decoding token after token', async () => {
      const { shape, weights } = await loadWeights(engine(), modelType);
      const golden = await openSafetensors(join(fixtures, modelType, 'expected.safetensors'));
      const logits = (await golden.read('logits')).data as Float32Array;
      const inputIds = (await golden.read('input_ids')).data as BigInt64Array;
      await golden.close();
      const pass = await createForwardPass({
        engine: engine(),
        shape,
        weights,
        frozen: false,
        cacheLength: 32,
      });
      for (const row of [0, 1]) {
        const ids = Array.from(inputIds.subarray(16 * row, 16 * row + 16), Number);
        const goldenAt = (position: number) =>
          logits.subarray((16 * row + position) * 61, (16 * row + position + 1) * 61);
        expect(largestDifference(await pass.run(ids, 0), goldenAt(15))).toBeLessThan(1e-4);
        expect(largestDifference(await pass.run(ids.slice(0, 4), 0), goldenAt(3))).toBeLessThan(1e-4);
        for (let position = 4; position < 16; position++) {
          const decoded = await pass.run([ids[position]!], position);
          expect(largestDifference(decoded, goldenAt(position)), `position ${position}`).toBeLessThan(1e-4);
        }
      }
      await pass.dispose();
    });

    it.each([false, true])(
      'writes what transformers writes greedily (frozen weights: %s)',
      async (frozen) => {
        const { shape, weights } = await loadWeights(engine(), modelType);
        const tokenizer = letterTokenizer(alphabetOf(60));
        const generator = await createGenerator({
          engine: engine(),
          shape,
          weights,
          tokenizer,
          frozen,
          endOfText: [],
        });
        const pieces: string[] = [];
        const result = await generator.generate({
          prompt: tokenizer.decode(expected.prompt),
          maximumTokens: expected.greedy.length,
          temperature: 0,
          onText: (piece) => pieces.push(piece),
        });
        expect(result.ids).toEqual(expected.greedy);
        expect(result.text).toBe(tokenizer.decode(expected.greedy));
        expect(pieces.join('')).toBe(result.text);
        expect(result.reason).toBe('length');
        expect(result.promptTokens).toBe(expected.prompt.length);
        await generator.dispose();
      },
    );
  });
}
