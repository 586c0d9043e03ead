import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, ParameterSet, Program } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { testEngine } from '../../../src/main/llm/engine-trials/self-test.ts';
import { createTensorFlowEngine } from '../../../src/main/llm/engines/tensorflow/engine.ts';
import type { Graph } from '../../../src/main/llm/graph/types.ts';
import { installedPack, tensorFlowTitle } from '../engines/tensorflow/installed-pack.ts';

let sound: Engine;
beforeAll(async () => {
  sound = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => sound.dispose());

/** An engine like the sound one but for what is told. */
function engineWith(faults: {
  readonly run?: (program: Program, graph: Graph, ...parameters: Parameters<Program['run']>) => Promise<void>;
  readonly adamW?: (set: ParameterSet, ...parameters: Parameters<ParameterSet['adamW']>) => Promise<void>;
}): Engine {
  const { run, adamW } = faults;
  return {
    description: sound.description,
    allocate: (...parameters) => sound.allocate(...parameters),
    write: (...parameters) => sound.write(...parameters),
    read: (tensor) => sound.read(tensor),
    dispose: () => Promise.resolve(),
    compile: async (graph, options) => {
      const program = await sound.compile(graph, options);
      return {
        run: (...parameters) =>
          run === undefined ? program.run(...parameters) : run(program, graph, ...parameters),
        dispose: () => program.dispose(),
      };
    },
    createParameterSet: async (specifications) => {
      const set = await sound.createParameterSet(specifications);
      return {
        specifications: set.specifications,
        buffer: (buffer) => set.buffer(buffer),
        zeroGradients: () => set.zeroGradients(),
        gradientNorm: () => set.gradientNorm(),
        adamW: (...parameters) =>
          adamW === undefined ? set.adamW(...parameters) : adamW(set, ...parameters),
        dispose: () => set.dispose(),
      };
    },
  };
}

describe('The test of an engine', () => {
  test('is passed by one that computes rightly', async () => {
    await testEngine(engineWith({}));
  });

  test('is failed by one whose results are a thousandth off', async () => {
    const off = engineWith({
      run: async (program, _, bindings) => {
        await program.run(bindings);
        const loss = bindings['loss'];
        if (loss === undefined) return;
        const [value] = (await sound.read(loss)) as Float32Array;
        await sound.write(loss, Float32Array.of(value! * 1.001));
      },
    });
    await expect(testEngine(off)).rejects.toThrow('loss differs by');
  });

  test('is failed by one that forgets the gradients of earlier micro-batches', async () => {
    const forgetful = engineWith({
      run: async (program, graph, bindings) => {
        for (const [name, tensor] of Object.entries(bindings))
          if (name.startsWith('gradient.') && graph.aliases.has(name))
            await sound.write(tensor, new Float32Array(tensor.shape.reduce((a, b) => a * b, 1)));
        await program.run(bindings);
      },
    });
    await expect(testEngine(forgetful)).rejects.toThrow(/gradient\.\S+ differs by/);
  });

  test('is failed by one that updates with another rate, or without decay', async () => {
    for (const change of [{ learningRate: 0.011 }, { weightDecay: 0 }])
      await expect(
        testEngine(engineWith({ adamW: (set, update) => set.adamW({ ...update, ...change }) })),
      ).rejects.toThrow(/the update of \S+ differs by/);
  });

  test('is failed by one that loses what is in the cache', async () => {
    const losing = engineWith({
      run: async (program, _, bindings) => {
        for (const [name, tensor] of Object.entries(bindings))
          if (name.startsWith('past.'))
            await sound.write(tensor, new Float32Array(tensor.shape.reduce((a, b) => a * b, 1)));
        await program.run(bindings);
      },
    });
    await expect(testEngine(losing)).rejects.toThrow('what follows a token differs by');
  });
});

describe.skipIf(installedPack === undefined)(tensorFlowTitle, () => {
  test('passes the test of an engine', async () => {
    const engine = await createTensorFlowEngine({ threads: 2, libraries: installedPack! });
    await testEngine(engine);
    await engine.dispose();
  });
});
