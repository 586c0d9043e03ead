import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { figures, graph, matrixProduct, node, value } from './small-graphs.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

async function filled(shape: readonly number[], seed: number): Promise<DeviceTensor> {
  const tensor = engine.allocate('float32', shape);
  await engine.write(
    tensor,
    figures(
      shape.reduce((product, extent) => product * extent, 1),
      seed,
    ),
  );
  return tensor;
}

describe('frozen weights', () => {
  it('give what the same weights give as inputs', async () => {
    const w = await filled([48, 64], 2);
    const x = await filled([5, 48], 1);
    const [plainY, frozenY] = [engine.allocate('float32', [5, 64]), engine.allocate('float32', [5, 64])];
    const plain = await engine.compile(matrixProduct('rows', 48, 64));
    const frozen = await engine.compile(matrixProduct('rows', 48, 64), { frozen: { w } });
    await plain.run({ x, w, y: plainY });
    await frozen.run({ x, y: frozenY });
    const expected = (await engine.read(plainY)) as Float32Array;
    ((await engine.read(frozenY)) as Float32Array).forEach((figure, index) =>
      expect(figure).toBeCloseTo(expected[index]!, 4),
    );
    await expect(frozen.run({ x, w, y: frozenY })).rejects.toThrow("no input or output 'w'");
    await plain.dispose();
    await frozen.dispose();
  });

  // Folding a constant at compile time would use the model's placeholder bytes instead of the weights.
  it('are right where the optimiser could compute with them beforehand', async () => {
    const w = value('w', 'float32', [8, 6]);
    const x = value('x', 'float32', [4, 8]);
    const [doubled, transposed, back, y, table, ids, rows] = [
      value('doubled', 'float32', [8, 6]),
      value('transposed', 'float32', [6, 8]),
      value('back', 'float32', [8, 6]),
      value('y', 'float32', [4, 6]),
      value('table', 'float32', [6, 8]),
      value('ids', 'int64', [1]),
      value('rows', 'float32', [1, 8]),
    ];
    const two = value('two', 'float32', []);
    const built = graph({
      inputs: [x, w],
      outputs: [y, rows],
      nodes: [
        node('Transpose', [w], [transposed], { perm: { type: 'ints', value: [1, 0] } }),
        node('Transpose', [transposed], [back], { perm: { type: 'ints', value: [1, 0] } }),
        node('Mul', [back, two], [doubled]),
        node('MatMul', [x, doubled], [y]),
        node('Transpose', [w], [table], { perm: { type: 'ints', value: [1, 0] } }),
        node('Gather', [table, ids], [rows]),
      ],
      constants: [
        [two, { dtype: 'float32', shape: [], data: Float32Array.of(2) }],
        [ids, { dtype: 'int64', shape: [1], data: BigInt64Array.of(3n) }],
      ],
    });
    const program = await engine.compile(built, { frozen: { w: await filled([8, 6], 2) } });
    const bindings = {
      x: await filled([4, 8], 1),
      y: engine.allocate('float32', [4, 6]),
      rows: engine.allocate('float32', [1, 8]),
    };
    await program.run(bindings);
    const [xs, ws] = [figures(32, 1), figures(48, 2)];
    const actual = (await engine.read(bindings.y)) as Float32Array;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 6; column++) {
        let sum = 0;
        for (let k = 0; k < 8; k++) sum += xs[row * 8 + k]! * 2 * ws[k * 6 + column]!;
        expect(actual[row * 6 + column]).toBeCloseTo(sum, 4);
      }
    }
    expect(await engine.read(bindings.rows)).toEqual(
      Float32Array.from({ length: 8 }, (_, k) => ws[k * 6 + 3]!),
    );
    await program.dispose();
  });

  it('share one packed copy between programs', async () => {
    const size = 3000; // 34 MiB
    const w = await filled([size, size], 1);
    const resident = (): number => process.memoryUsage.rss() / 2 ** 20;
    const first = await engine.compile(matrixProduct(1, size, size), { frozen: { w } });
    const before = resident();
    const others = [
      await engine.compile(matrixProduct(1, size, size), { frozen: { w } }),
      await engine.compile(matrixProduct(1, size, size), { frozen: { w } }),
    ];
    expect(resident() - before).toBeLessThan(30);
    for (const program of [first, ...others]) await program.dispose();
  });

  it('can be neither written nor pulled away while a program has them', async () => {
    const w = await filled([3, 4], 1);
    const program = await engine.compile(matrixProduct(1, 3, 4), { frozen: { w } });
    await expect(engine.write(w, new Float32Array(12))).rejects.toThrow('in use');
    w.dispose();
    const bindings = { x: await filled([1, 3], 2), y: engine.allocate('float32', [1, 4]) };
    await program.run(bindings);
    expect(((await engine.read(bindings.y)) as Float32Array).some((figure) => figure !== 0)).toBe(true);
    await program.dispose();
  });

  it('are held to the graph', async () => {
    const w = await filled([3, 4], 1);
    await expect(engine.compile(matrixProduct(1, 3, 4), { frozen: { v: w } })).rejects.toThrow(
      "no input 'v' to freeze",
    );
    await expect(engine.compile(matrixProduct(1, 3, 5), { frozen: { w } })).rejects.toThrow(
      "input 'w' is float32 [3, 5]; the tensor is float32 [3, 4]",
    );
    const x = value('x', 'float32', [3, 4]);
    const y = value('y', 'float32', [3, 4]);
    await expect(
      engine.compile(
        graph({ inputs: [x], outputs: [y], nodes: [node('Neg', [x], [y])], aliases: { y: 'x' } }),
        { frozen: { x: w } },
      ),
    ).rejects.toThrow('cannot be frozen');
  });

  it('leave no file behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loam-frozen-'));
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv('TEMP', folder);
    try {
      const program = await engine.compile(matrixProduct(1, 3, 4), {
        frozen: { w: await filled([3, 4], 1) },
      });
      await program.run({ x: await filled([1, 3], 2), y: engine.allocate('float32', [1, 4]) });
      expect(await readdir(folder)).toEqual([]);
      await program.dispose();
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
