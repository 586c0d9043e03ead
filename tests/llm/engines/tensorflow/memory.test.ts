import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createTensorFlowEngine } from '../../../../src/main/llm/engines/tensorflow/engine.ts';
import type { TensorFlowCore } from '../../../../src/main/llm/engines/tensorflow/tensorflow.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import { trainingCase } from '../parity/model-inputs.ts';
import { installedPack, tensorFlowTitle } from './installed-pack.ts';

const core = createRequire(import.meta.url)('@tensorflow/tfjs-core') as TensorFlowCore;

const shape = resolveGptShape(
  gptConfigurationSchema.parse({ contextLength: 16, hiddenSize: 32, layers: 2, heads: 2 }),
  23,
);

describe.skipIf(installedPack === undefined)(tensorFlowTitle, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTensorFlowEngine({ threads: 2, libraries: installedPack! });
  });
  afterAll(() => engine.dispose());

  /** A program that trains, with all that it is bound to. */
  async function trainer() {
    const { graph, inputs } = trainingCase(shape, { microBatchSize: 2, sequenceLength: 16 });
    const program = await engine.compile(graph);
    const parameters = await engine.createParameterSet(gptParameters(shape));
    const bindings: Record<string, DeviceTensor> = { loss: engine.allocate('float32', []) };
    for (const [name, tensor] of Object.entries(parameters.plane('gradients')))
      bindings[`gradient.${name}`] = tensor;
    for (const [name, { dtype, shape: extents, data }] of Object.entries(inputs)) {
      const own = parameters.plane('parameters')[name];
      bindings[name] = own ?? engine.allocate(dtype, extents);
      await engine.write(bindings[name], data);
    }
    const step = async (count: number): Promise<void> => {
      await program.run(bindings);
      const norm = await parameters.gradientNorm();
      await parameters.adamW({
        step: count,
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        weightDecay: 0.1,
        gradientScale: Math.min(1, 1 / norm),
      });
    };
    const dispose = async (): Promise<void> => {
      await program.dispose();
      await parameters.dispose();
      for (const [name, tensor] of Object.entries(bindings))
        if (!(name in parameters.plane('parameters'))) tensor.dispose();
    };
    return { step, dispose };
  }

  test('holds as many tensors, and as much memory, after 1,000 steps as after 100', async () => {
    const { step, dispose } = await trainer();
    let count = 0;
    while (count < 100) await step(++count);
    const before = { ...core.memory(), resident: process.memoryUsage.rss() };
    while (count < 1000) await step(++count);
    const after = { ...core.memory(), resident: process.memoryUsage.rss() };
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numBytes).toBe(before.numBytes);
    // The collector of garbage has its own rhythm; a leak of one activation a step would be 4 MB and more.
    expect(after.resident - before.resident).toBeLessThan(40e6);
    await dispose();
  }, 120_000);

  test('gives everything back that programs, parameters and tensors held', async () => {
    const { numTensors } = core.memory();
    const { step, dispose } = await trainer();
    await step(1);
    await dispose();
    expect(core.memory().numTensors).toBe(numTensors);
  });

  test('gives back what a run that failed had made', async () => {
    const { step, dispose } = await trainer();
    await step(1);
    const { numTensors } = core.memory();
    const { graph } = trainingCase(shape, { microBatchSize: 2, sequenceLength: 16 });
    const program = await engine.compile(graph);
    const held = core.memory().numTensors;
    await expect(program.run({})).rejects.toThrow(/no tensor is bound/);
    expect(core.memory().numTensors).toBe(held);
    await program.dispose();
    expect(core.memory().numTensors).toBe(numTensors);
    await dispose();
  });
});
