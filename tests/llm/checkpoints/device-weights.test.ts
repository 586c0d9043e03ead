import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDeviceWeights } from '../../../src/main/llm/checkpoints/device-weights.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../src/main/llm/models/initialize-parameters.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../src/shared/models/gpt-configuration.ts';
import { accountedEngine } from '../engines/accounted-engine.ts';

const shape = resolveGptShape(
  gptConfigurationSchema.parse({ contextLength: 8, hiddenSize: 16, layers: 1, heads: 2 }),
  11,
);
const values = new Map(
  [...initializeParameters(gptParameters(shape), 1)].map(({ name, data }) => [name, data]),
);
const read = async (name: string) => values.get(name)!;

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

describe('weights in an engine’s memory', () => {
  it('are the parameters of the model, until they are given back', async () => {
    const { engine: counted, alive } = accountedEngine(engine);
    const weights = await loadDeviceWeights(counted, shape, read);
    expect(Object.keys(weights.tensors)).toEqual(gptParameters(shape).map(({ name }) => name));
    for (const [name, tensor] of Object.entries(weights.tensors))
      expect(await engine.read(tensor), name).toEqual(values.get(name));
    weights.dispose();
    expect(alive.size).toBe(0);
  });

  it('leave nothing behind when one cannot be read, has another size, or loading is stopped', async () => {
    const { engine: counted, alive } = accountedEngine(engine);
    const stop = new AbortController();
    const last = gptParameters(shape).at(-1)!.name;
    const unreadable = async (name: string) => {
      if (name === last) throw new Error('cut off');
      return read(name);
    };
    const short = async (name: string) => (await read(name)).subarray(name === last ? 1 : 0);
    const stopping = async (name: string) => {
      stop.abort();
      return read(name);
    };
    await expect(loadDeviceWeights(counted, shape, unreadable)).rejects.toThrow('cut off');
    await expect(loadDeviceWeights(counted, shape, short)).rejects.toThrow(RangeError);
    await expect(loadDeviceWeights(counted, shape, stopping, stop.signal)).rejects.toMatchObject({
      kind: 'interrupted',
    });
    expect(alive.size).toBe(0);
  });
});
