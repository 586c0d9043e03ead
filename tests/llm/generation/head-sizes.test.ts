import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceTensor, Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { createForwardPass } from '../../../src/main/llm/generation/forward-pass.ts';
import { buildGptInspectionGraph } from '../../../src/main/llm/models/gpt/inspection-graph.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import type { GptShape } from '../../../src/shared/models/gpt-configuration.ts';
import type { GptModelType } from '../../../src/shared/models/gpt-model-types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const ids = [3, 5, 7, 9, 11, 2];

async function randomWeights(shape: GptShape): Promise<Record<string, DeviceTensor>> {
  const extents = new Map(gptParameters(shape).map((parameter) => [parameter.name, parameter.shape]));
  const weights: Record<string, DeviceTensor> = {};
  for (const { name, data } of initializeParameters(gptParameters(shape), 3)) {
    const tensor = engine.allocate('float32', extents.get(name)!);
    await engine.write(
      tensor,
      data.map((value) => 8 * value),
    );
    weights[name] = tensor;
  }
  return weights;
}

/** The logits after the last token, by the graph that keeps no cache and uses ONNX's own operators alone. */
async function logitsWithoutCache(
  shape: GptShape,
  weights: Record<string, DeviceTensor>,
): Promise<Float32Array> {
  const graph = buildGptInspectionGraph(shape, { sequenceLength: ids.length });
  const program = await engine.compile(graph);
  const inputIds = engine.allocate('int64', [1, ids.length]);
  await engine.write(inputIds, BigInt64Array.from(ids, BigInt));
  const outputs = Object.fromEntries(
    graph.outputs.map(({ name, value }) => [name, engine.allocate('float32', value.shape.map(Number))]),
  );
  await program.run({ ...weights, input_ids: inputIds, ...outputs });
  const logits = (await engine.read(outputs['logits']!)) as Float32Array;
  await program.dispose();
  return logits.slice(-shape.vocabularySize);
}

const cases: readonly [GptModelType, number][] = [
  ['gpt2', 3],
  ['gpt2', 12],
  ['gpt2', 16],
  ['llama', 2],
  ['llama', 6],
  ['llama', 16],
  ['llama', 24],
  ['qwen2', 8],
  ['qwen3', 10],
];
it.each(cases)(
  'the cache changes nothing in a model of type %s with heads of size %i',
  async (modelType, headSize) => {
    const shape: GptShape = {
      architecture: 'gpt',
      modelType,
      vocabularySize: 30,
      contextLength: 16,
      hiddenSize: 4 * headSize,
      layers: 2,
      heads: 4,
      keyValueHeads: modelType === 'gpt2' ? 4 : 2,
      headSize,
      intermediateSize: 16,
      tiedEmbeddings: true,
      dropout: 0,
      rotaryBase: 10000,
      normalizationEpsilon: 1e-5,
    };
    const weights = await randomWeights(shape);
    const expected = await logitsWithoutCache(shape, weights);
    const pass = await createForwardPass({ engine, shape, weights, frozen: false, cacheLength: 16 });
    const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const expectSame = (logits: Float32Array) => {
      for (const [index, logit] of logits.entries()) {
        expect(Math.abs(logit - expected[index]!) / largest).toBeLessThan(1e-5);
      }
    };
    expectSame(await pass.run(ids, 0));
    await pass.run(ids.slice(0, 2), 0);
    for (let position = 2; position < 5; position++) await pass.run([ids[position]!], position);
    expectSame(await pass.run([ids[5]!], 5));
    await pass.dispose();
  },
);
