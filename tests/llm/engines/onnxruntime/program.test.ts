import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { DataType, TensorData } from '../../../../src/main/llm/graph/types.ts';
import { LoamError } from '../../../../src/shared/errors.ts';
import { figures, graph, matrixProduct, node, value } from './small-graphs.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

async function tensor(dtype: DataType, shape: readonly number[], data?: TensorData): Promise<DeviceTensor> {
  const made = engine.allocate(dtype, shape);
  if (data !== undefined) await engine.write(made, data);
  return made;
}

/** x·w in float64. */
function plainProduct(x: Float32Array, w: Float32Array, inner: number, columns: number): number[] {
  return Array.from({ length: (x.length / inner) * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return Array.from({ length: inner }, (__, k) => x[row * inner + k]! * w[k * columns + column]!).reduce(
      (sum, part) => sum + part,
      0,
    );
  });
}

/** A chain of matrix products that takes about a second. */
function slowProducts(size: number, count: number): ReturnType<typeof graph> {
  const x = value('x', 'float32', [size, size]);
  const products = Array.from({ length: count }, (_, index) => value(`p${index}`, 'float32', [size, size]));
  return graph({
    inputs: [x],
    outputs: products.slice(-1),
    nodes: products.map((product, index) =>
      node('MatMul', [index === 0 ? x : products[index - 1]!, x], [product]),
    ),
  });
}

describe('a program', () => {
  it('computes what the graph says, with a symbolic dimension', async () => {
    const program = await engine.compile(matrixProduct('rows', 3, 4));
    const w = await tensor('float32', [3, 4], figures(12, 2));
    for (const rows of [1, 5, 2]) {
      const x = await tensor('float32', [rows, 3], figures(rows * 3));
      const y = await tensor('float32', [rows, 4]);
      await program.run({ x, w, y });
      const actual = (await engine.read(y)) as Float32Array;
      plainProduct(figures(rows * 3), figures(12, 2), 3, 4).forEach((figure, index) =>
        expect(actual[index]).toBeCloseTo(figure, 5),
      );
    }
    await program.dispose();
  });

  it('sees what is written into a bound tensor between two runs, without binding it again', async () => {
    const program = await engine.compile(matrixProduct(1, 1, 1));
    const bindings = {
      x: await tensor('float32', [1, 1], Float32Array.of(3)),
      w: await tensor('float32', [1, 1], Float32Array.of(5)),
      y: await tensor('float32', [1, 1]),
    };
    await program.run(bindings);
    expect(await engine.read(bindings.y)).toEqual(Float32Array.of(15));
    await engine.write(bindings.w, Float32Array.of(7));
    await program.run(bindings);
    expect(await engine.read(bindings.y)).toEqual(Float32Array.of(21));
    await program.dispose();
  });

  it('gives outputs that are inputs, constants or one another as they are', async () => {
    const x = value('x', 'float32', [2]);
    const y = value('y', 'float32', [2]);
    const seven = value('seven', 'float32', [2]);
    const program = await engine.compile(
      graph({
        inputs: [x],
        outputs: [
          { name: 'first', value: y },
          { name: 'second', value: y },
          { name: 'same', value: x },
          { name: 'constant', value: seven },
        ],
        nodes: [node('Add', [x, seven], [y])],
        constants: [[seven, { dtype: 'float32', shape: [2], data: Float32Array.of(7, 8) }]],
      }),
    );
    const bindings = {
      x: await tensor('float32', [2], Float32Array.of(1, 2)),
      first: await tensor('float32', [2]),
      second: await tensor('float32', [2]),
      same: await tensor('float32', [2]),
      constant: await tensor('float32', [2]),
    };
    await program.run(bindings);
    expect(await engine.read(bindings.first)).toEqual(Float32Array.of(8, 10));
    expect(await engine.read(bindings.second)).toEqual(Float32Array.of(8, 10));
    expect(await engine.read(bindings.same)).toEqual(Float32Array.of(1, 2));
    expect(await engine.read(bindings.constant)).toEqual(Float32Array.of(7, 8));
    await program.dispose();
  });

  it('carries every element type in and out', async () => {
    for (const [dtype, data] of [
      ['float32', Float32Array.of(1.5, -2)],
      ['float16', Uint16Array.of(0x3c00, 0xc000)],
      ['int64', BigInt64Array.of(2n ** 60n, -1n)],
      ['int32', Int32Array.of(7, -8)],
      ['uint8', Uint8Array.of(200, 3)],
      ['bool', Uint8Array.of(1, 0)],
    ] as const) {
      const x = value('x', dtype, [2]);
      const y = value('y', dtype, [1, 2]);
      const axis = value('axis', 'int64', [1]);
      const program = await engine.compile(
        graph({
          inputs: [x],
          outputs: [y],
          nodes: [node('Unsqueeze', [x, axis], [y])],
          constants: [[axis, { dtype: 'int64', shape: [1], data: BigInt64Array.of(0n) }]],
        }),
      );
      const bindings = { x: await tensor(dtype, [2], data), y: await tensor(dtype, [1, 2]) };
      await program.run(bindings);
      expect(await engine.read(bindings.y)).toEqual(data);
      await program.dispose();
    }
  });

  it('runs on tensors without elements', async () => {
    const program = await engine.compile(matrixProduct('rows', 3, 4));
    const bindings = {
      x: await tensor('float32', [0, 3]),
      w: await tensor('float32', [3, 4]),
      y: await tensor('float32', [0, 4]),
    };
    await program.run(bindings);
    expect(await engine.read(bindings.y)).toEqual(new Float32Array());
    await program.dispose();
  });

  it('leaves the event loop free while it runs, and gives the same bits each time', async () => {
    const program = await engine.compile(slowProducts(512, 30));
    const bindings = {
      x: await tensor(
        'float32',
        [512, 512],
        figures(262_144).map((figure) => figure / 16),
      ),
      p29: await tensor('float32', [512, 512]),
    };
    let turns = 0;
    const counter = setInterval(() => turns++, 1);
    await program.run(bindings);
    clearInterval(counter);
    expect(turns).toBeGreaterThan(3);
    const first = await engine.read(bindings.p29);
    await program.run(bindings);
    expect(await engine.read(bindings.p29)).toEqual(first);
    await program.dispose();
  });

  it('costs less than 0.3 ms beyond its nodes when 300 names are bound', async () => {
    const inputs = Array.from({ length: 300 }, (_, index) => value(`input.${index}`, 'float32', [4]));
    const sum = value('sum', 'float32', [4]);
    const program = await engine.compile(
      graph({ inputs, outputs: [sum], nodes: [node('Sum', inputs, [sum])] }),
    );
    const bindings: Record<string, DeviceTensor> = { sum: await tensor('float32', [4]) };
    for (const { name } of inputs) bindings[name] = await tensor('float32', [4], Float32Array.of(1, 2, 3, 4));
    const times: number[] = [];
    for (let run = 0; run < 300; run++) {
      const start = performance.now();
      await program.run(bindings);
      times.push(performance.now() - start);
    }
    expect(await engine.read(bindings['sum']!)).toEqual(Float32Array.of(300, 600, 900, 1200));
    // The fastest of many, since other work shares the machine; the nodes themselves are in it too.
    expect(Math.min(...times)).toBeLessThan(0.3);
    await program.dispose();
  });
});

describe('an interrupted run', () => {
  it('ends soon after the signal, as interrupted, and the program runs again afterwards', async () => {
    const program = await engine.compile(slowProducts(512, 400));
    const bindings = { x: await tensor('float32', [512, 512]), p399: await tensor('float32', [512, 512]) };
    const wholeStart = performance.now();
    await program.run(bindings);
    const whole = performance.now() - wholeStart;

    const controller = new AbortController();
    const start = performance.now();
    setTimeout(() => controller.abort(), 20);
    const failure: unknown = await program.run(bindings, controller.signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LoamError);
    expect((failure as LoamError).kind).toBe('interrupted');
    expect(performance.now() - start).toBeLessThan(whole * 0.7);

    await program.run(bindings, new AbortController().signal);
    await expect(program.run(bindings, AbortSignal.abort())).rejects.toMatchObject({ kind: 'interrupted' });
    await program.dispose();
  });

  it('happens too when the program is disposed of under it, and its tensors outlive the run', async () => {
    const program = await engine.compile(slowProducts(512, 400));
    const x = await tensor('float32', [512, 512]);
    const bindings = { x, p399: await tensor('float32', [512, 512]) };
    const run = program.run(bindings).catch((error: unknown) => error);
    x.dispose();
    await program.dispose();
    expect(await run).toBeInstanceOf(Error);
    await expect(engine.read(x)).rejects.toThrow('already disposed of');
  });
});

describe('a wrong call is an exception and nothing worse:', () => {
  it('a tensor of another engine, and one that no memory can hold', async () => {
    const program = await engine.compile(matrixProduct('rows', 3, 4));
    const [x, w] = [await tensor('float32', [2, 3]), await tensor('float32', [3, 4])];
    await expect(
      program.run({ x, w, y: { dtype: 'float32', shape: [2, 4], dispose: () => undefined } }),
    ).rejects.toThrow('no tensor of the ONNX Runtime engine');
    expect(() => engine.allocate('float32', [2 ** 45])).toThrow('There is not enough memory');
    await program.dispose();
  });

  it('two runs of one program at once, and a write into a tensor that a run uses', async () => {
    const program = await engine.compile(slowProducts(256, 40));
    const bindings = { x: await tensor('float32', [256, 256]), p39: await tensor('float32', [256, 256]) };
    const run = program.run(bindings);
    await expect(program.run(bindings)).rejects.toThrow('a run is under way');
    await expect(engine.write(bindings.x, new Float32Array(65_536))).rejects.toThrow('in use');
    await run;
    await engine.write(bindings.x, new Float32Array(65_536));
    await program.dispose();
  });

  it("graphs that ONNX Runtime refuses, with ONNX Runtime's own words", async () => {
    const x = value('x', 'float32', [2]);
    const y = value('y', 'float32', [2]);
    await expect(
      engine.compile(graph({ inputs: [x], outputs: [y], nodes: [node('NoSuchOperator', [x], [y])] })),
    ).rejects.toThrow(/ONNX Runtime: .*NoSuchOperator/);
    const wrong = value('y', 'float32', [3]);
    const program = await engine
      .compile(
        graph({
          inputs: [value('x', 'float32', ['n'])],
          outputs: [wrong],
          nodes: [node('Neg', [value('x', 'float32', ['n'])], [wrong])],
        }),
      )
      .catch((error: unknown) => error);
    if (!(program instanceof Error)) {
      // The shape that the graph promised comes out otherwise: refused when it runs.
      const run = (program as Awaited<ReturnType<Engine['compile']>>).run({
        x: await tensor('float32', [2]),
        y: await tensor('float32', [3]),
      });
      await expect(run).rejects.toThrow('ONNX Runtime:');
    }
  });
});

describe('an engine', () => {
  it('refuses everything after it was disposed of, and frees what it still holds', async () => {
    const other = await createOnnxRuntimeEngine({ threads: 1 });
    const program = await other.compile(matrixProduct(1, 1, 1));
    const x = other.allocate('float32', [1, 1]);
    await other.createParameterSet([{ name: 'p', shape: [4], weightDecay: true }]);
    await other.dispose();
    await other.dispose();
    expect(() => other.allocate('float32', [1])).toThrow('disposed of');
    await expect(other.compile(matrixProduct(1, 1, 1))).rejects.toThrow('disposed of');
    await expect(other.createParameterSet([])).rejects.toThrow('disposed of');
    await expect(other.read(x)).rejects.toThrow('disposed of');
    await expect(program.run({ x, w: x, y: x })).rejects.toThrow('disposed of');
    await expect(createOnnxRuntimeEngine({ threads: 0 })).rejects.toThrow('number of threads');
  });

  it('says what it is', () => {
    expect(engine.description).toMatchObject({
      name: 'onnxruntime',
      versions: { onnxruntime: '1.27.0' },
      threads: 2,
    });
  });
});
