import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AdamWStep,
  Engine,
  ParameterBuffer,
  ParameterSet,
} from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { OnnxRuntimeParameterSet } from '../../../../src/main/llm/engines/onnxruntime/parameter-set.ts';
import expected from '../../../fixtures/adamw/expected.json' with { type: 'json' };
import { figures } from './small-graphs.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

const buffers = ['parameters', 'gradients', 'firstMoments', 'secondMoments'] as const;

async function values(set: ParameterSet, buffer: ParameterBuffer, name: string): Promise<Float32Array> {
  return (await engine.read(set.buffer(buffer)[name]!)) as Float32Array;
}

function bits(figures: Float32Array): Uint32Array {
  return new Uint32Array(figures.buffer, figures.byteOffset, figures.length);
}

/** Algorithm 2 of the AdamW paper in float32, one rounding an operation, with the bias corrections in the scalars. */
function plainAdamW(
  [parameters, gradients, first, second]: readonly [Float32Array, Float32Array, Float32Array, Float32Array],
  { step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale }: AdamWStep,
): void {
  const f = Math.fround;
  const correction = Math.sqrt(1 - beta2 ** step);
  const stepSize = f((learningRate * correction) / (1 - beta1 ** step));
  const floor = f(epsilon * correction);
  const decay = f(1 - learningRate * weightDecay);
  for (let index = 0; index < parameters.length; index++) {
    const gradient = f(gradients[index]! * f(gradientScale));
    first[index] = f(f(first[index]! * f(beta1)) + f(gradient * f(1 - beta1)));
    second[index] = f(f(second[index]! * f(beta2)) + f(f(gradient * gradient) * f(1 - beta2)));
    const direction = f(first[index]! / f(f(Math.sqrt(second[index]!)) + floor));
    parameters[index] = f(f(parameters[index]! * decay) - f(direction * stepSize));
  }
}

describe('AdamW in WebAssembly', () => {
  const update: AdamWStep = {
    step: 1,
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0.1,
    gradientScale: 0.7,
  };

  it('gives, bit for bit, what the same float32 operations give in plain JavaScript', async () => {
    const specifications = [
      { name: 'matrix', shape: [301, 467], weightDecay: true },
      { name: 'bias', shape: [1003], weightDecay: false },
      { name: 'scalar', shape: [], weightDecay: true },
    ];
    const expectations = new Map<string, readonly [Float32Array, Float32Array, Float32Array, Float32Array]>();
    const set = await engine.createParameterSet(specifications);
    for (const { name, shape, weightDecay } of specifications) {
      const count = shape.reduce((product, extent) => product * extent, 1);
      const plain = [
        figures(count, 1),
        figures(count, 2),
        new Float32Array(count),
        new Float32Array(count),
      ] as const;
      await engine.write(set.buffer('parameters')[name]!, plain[0]);
      await engine.write(set.buffer('gradients')[name]!, plain[1]);
      for (let step = 1; step <= 3; step++)
        plainAdamW(plain, { ...update, step, weightDecay: weightDecay ? update.weightDecay : 0 });
      expectations.set(name, plain);
    }
    for (let step = 1; step <= 3; step++) await set.adamW({ ...update, step });
    for (const { name } of specifications) {
      for (const [index, buffer] of buffers.entries()) {
        expect(bits(await values(set, buffer, name))).toEqual(bits(expectations.get(name)![index]!));
      }
    }
    await set.dispose();
  });

  it("follows PyTorch's fused AdamW over gradients from 1e-3 to 1e2, with and without weight decay", async () => {
    const set = await engine.createParameterSet([
      { name: 'undecayed', shape: [11], weightDecay: false },
      { name: 'decayed', shape: [5, 7], weightDecay: true },
    ]);
    const names = ['decayed', 'undecayed'] as const;
    for (const name of names)
      await engine.write(set.buffer('parameters')[name]!, Float32Array.from(expected.start[name]));
    for (const [index, step] of expected.steps.entries()) {
      for (const name of names)
        await engine.write(set.buffer('gradients')[name]!, Float32Array.from(step.gradients[name]));
      await set.adamW({ ...expected, step: index + 1 });
      for (const name of names) {
        for (const buffer of ['parameters', 'firstMoments', 'secondMoments'] as const) {
          const actual = await values(set, buffer, name);
          step[buffer][name].forEach((figure, element) =>
            expect(Math.abs(actual[element]! - figure)).toBeLessThan(1e-6 + 2e-6 * Math.abs(figure)),
          );
        }
      }
    }
    await set.dispose();
  });

  it('gives the same bits with one, two and three threads, and in one memory or several', async () => {
    const specifications = Array.from({ length: 9 }, (_, index) => ({
      name: `p${index}`,
      shape: [40_000 + index],
      weightDecay: index % 2 === 0,
    }));
    const results: { norm: number; parameters: Float32Array[] }[] = [];
    for (const [threads, preferredBytes] of [
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [2, 2 ** 21],
    ] as const) {
      const set = new OnnxRuntimeParameterSet(specifications, threads, () => undefined, preferredBytes);
      for (const [index, { name, shape }] of specifications.entries()) {
        await engine.write(set.buffer('parameters')[name]!, figures(shape[0]!, index + 1));
        await engine.write(set.buffer('gradients')[name]!, figures(shape[0]!, index + 2));
      }
      const norm = await set.gradientNorm();
      await set.adamW(update);
      results.push({
        norm,
        parameters: await Promise.all(specifications.map(({ name }) => values(set, 'parameters', name))),
      });
      await set.dispose();
    }
    for (const { norm, parameters } of results.slice(1)) {
      expect(parameters).toEqual(results[0]!.parameters);
      expect(norm).toBeCloseTo(results[0]!.norm, 9);
    }
    expect(results[1]!.norm).toBe(results[0]!.norm);
    expect(results[2]!.norm).toBe(results[0]!.norm);
  });
});

describe('the gradient norm', () => {
  it('is the float64 norm of all gradients, also where float32 sums would lose them', async () => {
    const set = await engine.createParameterSet([
      { name: 'large', shape: [70_000], weightDecay: true },
      { name: 'small', shape: [3], weightDecay: false },
    ]);
    const large = figures(70_000, 3).map((figure) => 1e4 * figure);
    await engine.write(set.buffer('gradients')['large']!, large);
    await engine.write(set.buffer('gradients')['small']!, Float32Array.of(1e-3, 2, -3));
    const squares = [...large, 1e-3, 2, -3].reduce((sum, figure) => sum + figure * figure, 0);
    expect(Math.abs((await set.gradientNorm()) / Math.sqrt(squares) - 1)).toBeLessThan(1e-12);
    await set.dispose();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is not finite when a gradient is %s', async (bad) => {
    const set = await engine.createParameterSet([{ name: 'p', shape: [100_000], weightDecay: true }]);
    const gradients = figures(100_000);
    gradients[77_777] = bad;
    await engine.write(set.buffer('gradients')['p']!, gradients);
    expect(Number.isFinite(await set.gradientNorm())).toBe(false);
    await set.dispose();
  });

  it('is zero after the gradients were set to zero', async () => {
    const set = await engine.createParameterSet([{ name: 'p', shape: [100_000], weightDecay: true }]);
    await engine.write(set.buffer('gradients')['p']!, figures(100_000));
    await set.zeroGradients();
    expect(await set.gradientNorm()).toBe(0);
    await set.dispose();
  });
});

describe('a parameter set', () => {
  it('starts with zeros in every buffer', async () => {
    const set = await engine.createParameterSet([{ name: 'p', shape: [3, 5], weightDecay: true }]);
    for (const buffer of buffers) expect(await values(set, buffer, 'p')).toEqual(new Float32Array(15));
    await set.dispose();
  });

  it('refuses a parameter that no memory can hold', async () => {
    await expect(
      engine.createParameterSet([{ name: 'huge', shape: [2 ** 28], weightDecay: true }]),
    ).rejects.toThrow('must be less than 4 GiB');
  });

  it('leaves the event loop free while it works, and keeps its jobs in order', async () => {
    const set = await engine.createParameterSet([{ name: 'p', shape: [4_000_000], weightDecay: true }]);
    let turns = 0;
    const counter = setInterval(() => turns++, 0);
    const update: AdamWStep = {
      step: 1,
      learningRate: 1,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: 0,
      gradientScale: 1,
    };
    await engine.write(set.buffer('gradients')['p']!, new Float32Array(4_000_000).fill(1));
    const jobs = [
      set.adamW(update),
      set.zeroGradients(),
      set.gradientNorm(),
      set.adamW({ ...update, step: 2 }),
    ];
    const [, , norm] = await Promise.all(jobs);
    clearInterval(counter);
    expect(norm).toBe(0);
    expect(turns).toBeGreaterThan(0);
    await set.dispose();
    await expect(set.adamW(update)).rejects.toThrow('disposed of');
  });
});
