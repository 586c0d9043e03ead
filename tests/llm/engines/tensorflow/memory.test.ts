import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createTensorFlowEngine } from '../../../../src/main/llm/engines/tensorflow/engine.ts';
import type { TensorFlowCore } from '../../../../src/main/llm/engines/tensorflow/tensorflow.ts';
import { GraphBuilder } from '../../../../src/main/llm/graph/builder.ts';
import { gelu } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { gather } from '../../../../src/main/llm/graph/operators/indexing.ts';
import type { GraphNode } from '../../../../src/main/llm/graph/types.ts';
import { kernelFor } from '../../../../src/main/llm/engines/tensorflow/kernels/table.ts';
import { planLiveness } from '../../../../src/main/llm/engines/tensorflow/liveness.ts';
import { rewriteForTensorFlow } from '../../../../src/main/llm/engines/tensorflow/rewrites.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../src/shared/models/gpt-configuration.ts';
import { trainingCase } from '../parity/model-inputs.ts';
import { installedPack, tensorFlowTitle } from './installed-pack.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

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
  async function trainer(model = shape, options = { microBatchSize: 2, sequenceLength: 16 }) {
    const { graph, inputs } = trainingCase(model, options);
    const program = await engine.compile(graph);
    const parameters = await engine.createParameterSet(gptParameters(model));
    const bindings: Record<string, DeviceTensor> = { loss: engine.allocate('float32', []) };
    for (const [name, tensor] of Object.entries(parameters.buffer('gradients')))
      bindings[`gradient.${name}`] = tensor;
    for (const [name, { dtype, shape: extents, data }] of Object.entries(inputs)) {
      const own = parameters.buffer('parameters')[name];
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
        if (!(name in parameters.buffer('parameters'))) tensor.dispose();
    };
    return { step, dispose };
  }

  test('holds as many tensors, and as much memory, after 1,000 steps as after 100', async () => {
    const { step, dispose } = await trainer();
    let count = 0;
    while (count < 100) await step(++count);
    collectGarbage();
    const before = { ...core.memory(), resident: process.memoryUsage.rss() };
    while (count < 1000) await step(++count);
    collectGarbage();
    const after = { ...core.memory(), resident: process.memoryUsage.rss() };
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numBytes).toBe(before.numBytes);
    // Tensors are counted to the byte above. What else grows is V8 and the allocator getting warm: 20 to 60 MB, and
    // nothing more over 8,000 steps.
    expect(after.resident - before.resident).toBeLessThan(90e6);
    await dispose();
  }, 120_000);

  test('gives everything back that programs, parameters and tensors held', async () => {
    const { numTensors } = core.memory();
    const { step, dispose } = await trainer();
    await step(1);
    await dispose();
    expect(core.memory().numTensors).toBe(numTensors);
  });

  test('gives back what a run that failed had made, and says which operator failed', async () => {
    const builder = new GraphBuilder('failing');
    const x = builder.input('x', 'float32', [4, 3]);
    const rows = builder.input('rows', 'int64', [2]);
    builder.output('y', gelu(gather(gelu(x), rows)));
    const program = await engine.compile(builder.finish());
    const bindings = {
      x: engine.allocate('float32', [4, 3]),
      rows: engine.allocate('int64', [2]),
      y: engine.allocate('float32', [2, 3]),
    };
    await program.run(bindings);
    await engine.write(bindings.rows, BigInt64Array.of(1n, 9n));
    const fail = () =>
      expect(program.run(bindings)).rejects.toThrow('Gather: index 9 lies outside 4 elements.');
    // The first one also lets go of what the output held.
    await fail();
    const { numTensors } = core.memory();
    for (let attempt = 0; attempt < 3; attempt++) await fail();
    expect(core.memory().numTensors).toBe(numTensors);
    await engine.write(bindings.rows, BigInt64Array.of(1n, 2n));
    await program.run(bindings);
    await program.dispose();
    for (const tensor of Object.values(bindings)) tensor.dispose();
  });

  test('gives back what a parameter set had found room for when the rest does not fit', async () => {
    const { numTensors } = core.memory();
    const small = { name: 'small', shape: [4, 4], weightDecay: true };
    const huge = { name: 'huge', shape: [2 ** 22, 2 ** 22], weightDecay: true };
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(engine.createParameterSet([small, huge])).rejects.toMatchObject({
        kind: 'environment',
        what: expect.stringContaining('There is not enough memory for another'),
      });
    expect(core.memory().numTensors).toBe(numTensors);
  });

  test.skipIf(process.platform !== 'linux')(
    'takes no more than 1.3 times what the graph says must be alive (of Linux alone: its counter is set back)',
    async () => {
      const large = resolveGptShape(
        gptConfigurationSchema.parse({ contextLength: 256, hiddenSize: 384, layers: 6, heads: 6 }),
        65,
      );
      const options = { microBatchSize: 16, sequenceLength: 256 };
      // What the libraries take once they work, whatever the size.
      const { step: warm, dispose } = await trainer();
      await warm(1);
      await dispose();
      collectGarbage();
      const before = process.memoryUsage.rss();
      const { step, dispose: disposeLarge } = await trainer(large, options);
      // The initial weights on the host, which are the test's own.
      collectGarbage();
      writeFileSync('/proc/self/clear_refs', '5');
      for (let count = 1; count <= 2; count++) await step(count);
      const peak = 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
      await disposeLarge();
      expect(peak - before).toBeLessThan(1.3 * mustBeAlive(large, options));
    },
    60_000,
  );
});

/** Bytes that a step must hold at once: parameters, gradients and moments, and what the graph keeps between its nodes. */
function mustBeAlive(
  model: GptShape,
  options: { readonly microBatchSize: number; readonly sequenceLength: number },
): number {
  const graph = rewriteForTensorFlow(trainingCase(model, options).graph, () => false);
  const { nodes } = planLiveness(graph, (node) => kernelFor(node, graph));
  const bytesOf = (extents: readonly (number | string)[]): number =>
    extents.reduce<number>(
      (product, extent) => product * (typeof extent === 'number' ? extent : options.sequenceLength),
      4,
    );
  /** The memory in which the value of a slot lies, and how many slots lie there. */
  interface Memory {
    readonly bytes: number;
    slots: number;
  }
  const memories = new Map<number, Memory>();
  let now = 0;
  let peak = 0;
  for (const { node, declaration, inputs, outputs, releases, copies } of nodes) {
    outputs.forEach((slot, index) => {
      if (slot === undefined) return;
      const written = declaration.inPlace?.[index];
      const source = showsItsInput(node)
        ? 0
        : written === undefined || copies.includes(written)
          ? undefined
          : written;
      const lies = source === undefined ? undefined : memories.get(inputs[source]!);
      const memory = lies ?? {
        bytes: source === undefined ? bytesOf(node.outputs[index]!.shape) : 0,
        slots: 0,
      };
      if (memory.slots === 0) now += memory.bytes;
      memory.slots += 1;
      memories.set(slot, memory);
    });
    peak = Math.max(peak, now);
    for (const slot of releases) {
      const memory = memories.get(slot);
      // The graph's own inputs are counted with the parameters.
      if (memory === undefined) continue;
      memory.slots -= 1;
      if (memory.slots === 0) now -= memory.bytes;
    }
  }
  const parameters = gptParameters(model).reduce((sum, { shape: extents }) => sum + bytesOf(extents), 0);
  // The graph's own account has the gradients in it.
  return peak + 3 * parameters;
}

/** Whether TensorFlow makes of a node nothing but another view of its first input. */
function showsItsInput({ operator, inputs, outputs }: GraphNode): boolean {
  switch (operator) {
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return true;
    case 'Slice':
    case 'Expand':
    case 'Pad':
      return String(inputs[0]!.shape) === String(outputs[0]!.shape);
    default:
      return false;
  }
}
