import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { graph, matrixProduct, node, value } from './small-graphs.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resident memory in MiB after a garbage collection. */
function resident(): number {
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

/** How much resident memory grows, in MiB, over `rounds` after as many to warm up. */
async function growth(rounds: number, body: () => Promise<void>): Promise<number> {
  for (let round = 0; round < rounds; round++) await body();
  const before = resident();
  for (let round = 0; round < rounds; round++) await body();
  return resident() - before;
}

async function withEngine(body: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await createOnnxRuntimeEngine({ threads: 1 });
  await body(engine);
  await engine.dispose();
}

it('thousands of tensors that are made, bound, run and disposed of leave no memory behind', () =>
  withEngine(async (engine) => {
    const program = await engine.compile(matrixProduct('rows', 8, 8));
    const w = engine.allocate('float32', [8, 8]);
    const grown = await growth(1500, async () => {
      // 1 MiB each: one in twenty that stayed would be seen, and what the allocator keeps on a busy machine would not.
      const x = engine.allocate('float32', [32_768, 8]);
      const y = engine.allocate('float32', [32_768, 8]);
      await engine.write(x, new Float32Array(32_768 * 8));
      await program.run({ x, w, y });
      x.dispose();
      y.dispose();
    });
    expect(grown).toBeLessThan(150);
  }));

it('hundreds of programs, with and without frozen weights, leave no memory behind', () =>
  withEngine(async (engine) => {
    const w = engine.allocate('float32', [128, 128]);
    const x = engine.allocate('float32', [64, 128]);
    const y = engine.allocate('float32', [64, 128]);
    const grown = await growth(250, async () => {
      const plain = await engine.compile(matrixProduct(64, 128, 128));
      const frozen = await engine.compile(matrixProduct(64, 128, 128), { frozen: { w } });
      await plain.run({ x, w, y });
      await frozen.run({ x, y });
      await plain.dispose();
      await frozen.dispose();
    });
    expect(grown).toBeLessThan(30);
  }));

it('refused graphs, refused runs and interrupted runs leave no memory behind', () =>
  withEngine(async (engine) => {
    const x = value('x', 'float32', [2]);
    const y = value('y', 'float32', [2]);
    const refused = graph({ inputs: [x], outputs: [y], nodes: [node('NoSuchOperator', [x], [y])] });
    const program = await engine.compile(matrixProduct(64, 64, 64));
    const bindings: Record<string, DeviceTensor> = {};
    for (const name of ['x', 'w', 'y']) bindings[name] = engine.allocate('float32', [64, 64]);
    const grown = await growth(300, async () => {
      await expect(engine.compile(refused)).rejects.toThrow('NoSuchOperator');
      await expect(program.run({ ...bindings, y: bindings['x']! })).rejects.toThrow('no aliases');
      const controller = new AbortController();
      const run = program.run(bindings, controller.signal).catch(() => undefined);
      controller.abort();
      await run;
    });
    expect(grown).toBeLessThan(30);
  }));

it('parameter sets and whole engines leave no memory behind', async () => {
  const grown = await growth(12, () =>
    withEngine(async (engine) => {
      const set = await engine.createParameterSet([{ name: 'p', shape: [2_000_000], weightDecay: true }]);
      await engine.write(set.buffer('parameters')['p']!, new Float32Array(2_000_000).fill(1));
      await set.adamW({
        step: 1,
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        weightDecay: 0.1,
        gradientScale: 1,
      });
      await set.dispose();
    }),
  );
  // One set is 32 MB: twelve that stayed would be 384. V8 may keep the memories of a few until it next looks.
  expect(grown).toBeLessThan(150);
});
