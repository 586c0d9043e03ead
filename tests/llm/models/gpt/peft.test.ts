import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseFolderOf, openAdapter } from '../../../../src/main/llm/checkpoints/adapter-folder.ts';
import { openModelWeights } from '../../../../src/main/llm/checkpoints/model-folder.ts';
import { openSafetensors } from '../../../../src/main/llm/checkpoints/safetensors.ts';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import { adapterParameters } from '../../../../src/main/llm/models/low-rank-adapter.ts';
import { parametersOf } from '../../../../src/main/llm/models/registry.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import { buildTrainingGraph } from '../../../../src/main/llm/objectives/training-graph.ts';
import { createModelParameters } from '../../../../src/main/llm/training/model-parameters.ts';
import { computeInFloat64, computeOn, type Compute } from '../../engines/parity/compute.ts';
import { relativeDifference } from '../../engines/parity/run-graph.ts';
import { toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import { transformersFixtures, type TransformersFixture } from './transformers-fixtures.ts';

// What peft computes with adapters over the same tiny models: tests/fixtures/peft/make.py.
const fixtures = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'peft');

interface Expected {
  readonly loss: number;
  readonly losses: readonly number[];
  readonly adamW: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
  };
}

async function tensorsOf(file: string): Promise<Readonly<Record<string, HostTensor>>> {
  const opened = await openSafetensors(file);
  const tensors: Record<string, HostTensor> = {};
  for (const name of opened.tensors.keys()) tensors[name] = await opened.read(name);
  await opened.close();
  return tensors;
}

async function adapterOf({ modelType, shape }: TransformersFixture) {
  const folder = join(fixtures, modelType);
  const opened = await openAdapter(folder, await baseFolderOf(folder), parametersOf(shape));
  await opened.close();
  return {
    adapter: opened.adapter,
    matrices: await tensorsOf(join(folder, 'adapter_model.safetensors')),
    golden: await tensorsOf(join(folder, 'expected.safetensors')),
    figures: JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected,
  };
}

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const step = { microBatchSize: 2, sequenceLength: 16, lossChunks: 2, accumulate: false };

describe.each(transformersFixtures)('Adapters over $modelType', (fixture) => {
  const batch = Object.fromEntries(
    ['input_ids', 'targets', 'loss_weights'].map((name) => [name, fixture.expected[name]!]),
  );

  const engines: readonly { readonly name: string; readonly compute: Compute; readonly tolerance: number }[] =
    [
      { name: 'in float64', compute: computeInFloat64, tolerance: 1e-5 },
      { name: 'on ONNX Runtime', compute: computeOn(() => engine), tolerance: 1e-4 },
    ];
  test.each(engines)(
    'have the loss and the gradients that peft computes, $name',
    async ({ compute, tolerance }) => {
      const { adapter, matrices, golden, figures } = await adapterOf(fixture);
      for (const gradientCheckpointing of [false, true]) {
        const learned = adapterParameters(parametersOf(fixture.shape), adapter).map(({ name }) => name);
        const graph = buildTrainingGraph(nextToken, fixture.shape, {
          ...step,
          gradientCheckpointing,
          adapter,
          trained: new Set(learned),
        });
        const results = await compute(graph, { ...fixture.weights, ...matrices, ...batch });
        expect(results['loss']!.data[0]).toBeCloseTo(figures.loss, 4);
        // No gradient of a weight that does not learn is computed.
        expect(Object.keys(results).toSorted()).toEqual(
          ['loss', ...learned.map((name) => `gradient.${name}`)].toSorted(),
        );
        for (const name of learned)
          expect(
            relativeDifference(results[`gradient.${name}`]!, toReal(golden[`gradient.${name}`]!)),
            name,
          ).toBeLessThan(tolerance);
      }
    },
  );

  test('are after five steps of AdamW where peft’s are, within a thousandth of the way', async () => {
    const { adapter, matrices, golden, figures } = await adapterOf(fixture);
    const parameters = await createModelParameters(engine, fixture.shape, { learns: () => false, adapter });
    for (const [name, { data }] of Object.entries({ ...fixture.weights, ...matrices }))
      await engine.write(parameters.weights[name]!, data);
    for (const buffer of ['firstMoments', 'secondMoments'] as const)
      for (const tensor of Object.values(parameters.trained.buffer(buffer)))
        await engine.write(
          tensor,
          new Float32Array(tensor.shape.reduce((product, extent) => product * extent, 1)),
        );
    const trained = new Set(parameters.trained.specifications.map(({ name }) => name));
    const program = await engine.compile(
      buildTrainingGraph(nextToken, fixture.shape, {
        ...step,
        gradientCheckpointing: false,
        adapter,
        trained,
      }),
    );
    const inputs = Object.fromEntries(
      Object.entries(batch).map(([name, { dtype, shape }]) => [name, engine.allocate(dtype, shape)]),
    );
    for (const [name, tensor] of Object.entries(inputs)) await engine.write(tensor, batch[name]!.data);
    const loss = engine.allocate('float32', []);
    const gradients = Object.fromEntries(
      Object.entries(parameters.trained.buffer('gradients')).map(([name, tensor]) => [
        `gradient.${name}`,
        tensor,
      ]),
    );
    const { lr, betas, eps, weight_decay: weightDecay } = figures.adamW;
    for (const [index, expected] of figures.losses.entries()) {
      await program.run({ ...parameters.weights, ...inputs, ...gradients, loss });
      expect((await engine.read(loss))[0]).toBeCloseTo(expected, 3);
      await parameters.trained.adamW({
        step: index + 1,
        learningRate: lr,
        beta1: betas[0],
        beta2: betas[1],
        epsilon: eps,
        weightDecay,
        gradientScale: 1,
      });
    }
    for (const name of trained) {
      const after = await engine.read(parameters.weights[name]!);
      const [before, wanted] = [matrices[name]!.data, golden[`after.${name}`]!.data];
      let moved = 0;
      let apart = 0;
      for (let index = 0; index < after.length; index += 1) {
        moved = Math.max(moved, Math.abs(Number(wanted[index]) - Number(before[index])));
        apart = Math.max(apart, Math.abs(Number(after[index]) - Number(wanted[index])));
      }
      expect(apart / moved, name).toBeLessThan(1e-3);
    }
    await program.dispose();
    await parameters.dispose();
  });

  test('give, merged as they are read, the weights that merge_and_unload gives', async () => {
    const { golden } = await adapterOf(fixture);
    const model = await openModelWeights(join(fixtures, fixture.modelType));
    const merged = Object.keys(golden).filter((name) => name.startsWith('merged.'));
    expect(merged.length).toBeGreaterThan(0);
    for (const name of model.weights.names) {
      const values = await model.weights.read(name);
      const wanted = golden[`merged.${name}`]?.data ?? fixture.weights[name]!.data;
      const apart = values.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - Number(wanted[index]))),
        0,
      );
      expect(apart, name).toBeLessThan(1e-6);
    }
    await model.weights.close();
  });
});
