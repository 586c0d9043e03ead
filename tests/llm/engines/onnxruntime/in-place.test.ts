import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { planAliases } from '../../../../src/main/llm/engines/onnxruntime/in-place-chains.ts';
import type { Graph } from '../../../../src/main/llm/graph/types.ts';
import { figures, graph, node, value } from './small-graphs.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

const rows = 24;
const width = 20;
const one = { type: 'float', value: 1 } as const;
const transposed = { transA: { type: 'int', value: 1 }, beta: one } as const;
const added = { reduction: { type: 'string', value: 'add' } } as const;

const a = value('a', 'float32', [64, rows]);
const b = value('b', 'float32', [64, width]);
const c = value('c', 'float32', [rows, width]);
const indices = value('indices', 'int64', [3, 1]);
const updates = value('updates', 'float32', [3, width]);
const [t1, t2, t3, result, extra] = ['t1', 't2', 't3', 'result', 'extra'].map((name) =>
  value(name, 'float32', [rows, width]),
) as [typeof c, typeof c, typeof c, typeof c, typeof c];

/** total ← total + aᵀb + aᵀb + c + rows of updates: every kind of link of a chain. */
const chain = graph({
  inputs: [a, b, c, value('total', 'float32', [rows, width]), indices, updates],
  outputs: [{ name: 'total', value: result }],
  nodes: [
    node('Gemm', [a, b, value('total', 'float32', [rows, width])], [t1], transposed),
    node('Gemm', [a, b, t1], [t2], transposed),
    node('Add', [c, t2], [t3]),
    node('ScatterND', [t3, indices, updates], [result], added),
  ],
  aliases: { total: 'total' },
});
/** The same values by identity, as a graph has them. */
const total = chain.inputs[3]!;
const connected: Graph = {
  ...chain,
  nodes: [{ ...chain.nodes[0]!, inputs: [a, b, total] }, ...chain.nodes.slice(1)],
};

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

async function inputs(): Promise<Record<string, DeviceTensor>> {
  const rowsOfUpdates = engine.allocate('int64', [3, 1]);
  await engine.write(rowsOfUpdates, BigInt64Array.of(5n, 0n, 23n));
  return {
    a: await filled([64, rows], 1),
    b: await filled([64, width], 2),
    c: await filled([rows, width], 3),
    indices: rowsOfUpdates,
    updates: await filled([3, width], 4),
  };
}

/** What the chain adds to a total, in float64. */
function increments(): Float64Array {
  const [as, bs, cs, us] = [
    figures(64 * rows, 1),
    figures(64 * width, 2),
    figures(rows * width, 3),
    figures(3 * width, 4),
  ];
  const sums = Float64Array.from({ length: rows * width }, (_, index) => {
    const [row, column] = [Math.floor(index / width), index % width];
    let product = 0;
    for (let k = 0; k < 64; k++) product += as[k * rows + row]! * bs[k * width + column]!;
    return 2 * product + cs[index]!;
  });
  [5, 0, 23].forEach((row, update) => {
    for (let column = 0; column < width; column++)
      sums[row * width + column]! += us[update * width + column]!;
  });
  return sums;
}

describe('an output in the memory of its input', () => {
  it('is planned along the whole chain of Gemm, Add and ScatterND', () => {
    const plan = planAliases(connected);
    expect(plan.copied).toEqual([]);
    expect(plan.chains).toEqual([{ output: 'total', input: 'total', intermediates: [t1, t2, t3] }]);
  });

  it('accumulates rightly over many runs, and bit for bit as into a second tensor', async () => {
    const program = await engine.compile(connected);
    const bindings = await inputs();
    const inPlace = await filled([rows, width], 5);
    let apart = await filled([rows, width], 5);
    // Tensors apart need two names: the same graph with another name for its output.
    const renamed = await engine.compile({
      ...connected,
      outputs: [{ name: 'result', value: result }],
      aliases: new Map([['result', 'total']]),
    });
    for (let run = 0; run < 10; run++) {
      await program.run({ ...bindings, total: inPlace });
      const next = engine.allocate('float32', [rows, width]);
      await renamed.run({ ...bindings, total: apart, result: next });
      apart = next;
      expect(await engine.read(inPlace)).toEqual(await engine.read(apart));
    }
    const start = figures(rows * width, 5);
    const actual = (await engine.read(inPlace)) as Float32Array;
    increments().forEach((increment, index) =>
      expect(Math.abs(actual[index]! - (start[index]! + 10 * increment))).toBeLessThan(2e-3),
    );
    await program.dispose();
    await renamed.dispose();
  });

  it('sums several products where the output lies, without an input to start from', async () => {
    const sum: Graph = {
      ...connected,
      inputs: connected.inputs.filter((input) => input !== total && input !== c),
      nodes: [
        node('Gemm', [a, b], [t1], { transA: transposed.transA }),
        node('Gemm', [a, b, t1], [t2], transposed),
        node('ScatterND', [t2, indices, updates], [result], added),
      ],
      aliases: new Map(),
    };
    expect(planAliases(sum).sums.get('total')).toEqual([t1, t2]);
    const program = await engine.compile(sum);
    const { c: bias, ...bindings } = await inputs();
    const target = await filled([rows, width], 9);
    await program.run({ ...bindings, total: target });
    const actual = (await engine.read(target)) as Float32Array;
    const addend = figures(rows * width, 3);
    increments().forEach((increment, index) =>
      expect(Math.abs(actual[index]! - (increment - addend[index]!))).toBeLessThan(2e-4),
    );
    bias?.dispose();
    await program.dispose();
  });

  it('leaves the input alone when another tensor is bound to the output', async () => {
    const renamed = await engine.compile({
      ...connected,
      outputs: [{ name: 'result', value: result }],
      aliases: new Map([['result', 'total']]),
    });
    const from = await filled([rows, width], 5);
    await renamed.run({ ...(await inputs()), total: from, result: await filled([rows, width], 6) });
    expect(await engine.read(from)).toEqual(figures(rows * width, 5));
    await renamed.dispose();
  });

  it.each<[string, Graph]>([
    [
      'something else reads the input',
      {
        ...connected,
        nodes: [...connected.nodes, node('Neg', [total], [extra])],
        outputs: [...connected.outputs, { name: 'extra', value: extra }],
      },
    ],
    [
      'something else reads a value between',
      {
        ...connected,
        nodes: [...connected.nodes, node('Neg', [t2], [extra])],
        outputs: [...connected.outputs, { name: 'extra', value: extra }],
      },
    ],
    [
      'a value between is an output',
      { ...connected, outputs: [...connected.outputs, { name: 'extra', value: t2 }] },
    ],
    [
      'a node between cannot work in place',
      {
        ...connected,
        nodes: [...connected.nodes.slice(0, 2), node('Sub', [c, t2], [t3]), connected.nodes[3]!],
      },
    ],
  ])('is computed elsewhere and copied when %s', async (_, changed) => {
    expect(planAliases(changed)).toMatchObject({ chains: [], copied: ['total'] });
    const program = await engine.compile(changed);
    const plain = await engine.compile({
      ...changed,
      outputs: changed.outputs.map((output) =>
        output.name === 'total' ? { ...output, name: 'result' } : output,
      ),
      aliases: new Map(),
    });
    const bindings = await inputs();
    const extras = changed.outputs.length > 1 ? { extra: engine.allocate('float32', [rows, width]) } : {};
    const inPlace = await filled([rows, width], 5);
    const apart = engine.allocate('float32', [rows, width]);
    await plain.run({ ...bindings, ...extras, total: inPlace, result: apart });
    const expectedExtra = 'extra' in extras ? await engine.read(extras.extra) : undefined;
    await program.run({ ...bindings, ...extras, total: inPlace });
    expect(await engine.read(inPlace)).toEqual(await engine.read(apart));
    if ('extra' in extras) expect(await engine.read(extras.extra)).toEqual(expectedExtra);
    await program.dispose();
    await plain.dispose();
  });

  it('is refused when the same tensor is also another input', async () => {
    const program = await engine.compile(connected);
    const both = await filled([rows, width], 5);
    await expect(program.run({ ...(await inputs()), c: both, total: both })).rejects.toThrow(
      "input 'c' and to output 'total'",
    );
    await program.dispose();
  });
});
