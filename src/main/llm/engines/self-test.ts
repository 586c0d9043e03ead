import { gptConfigurationSchema, resolveGptShape } from '../../../shared/models/gpt-configuration.ts';
import type { HostTensor } from '../graph/types.ts';
import { buildGptTrainingGraph } from '../models/gpt/graphs.ts';
import { gptParameters, initializeParameters } from '../models/gpt/parameters.ts';
import type { DeviceTensor, Engine } from './engine.ts';
import { evaluateGraph, toReal } from './reference/evaluate.ts';

/** Largest difference that float32 explains, relative to the largest element. */
const tolerance = 1e-4;
const batchSize = 2;

/**
 * Has an engine compute the gradients of a small GPT and update its parameters, and compares both with the float64
 * evaluation: what every training step needs, in a second.
 * @throws Error that says what differs
 */
export async function testEngine(engine: Engine): Promise<void> {
  const shape = resolveGptShape(
    gptConfigurationSchema.parse({ contextLength: 8, hiddenSize: 16, layers: 1, heads: 2 }),
    11,
  );
  const graph = buildGptTrainingGraph(shape, {
    microBatchSize: batchSize,
    sequenceLength: shape.contextLength,
    lossChunks: 1,
    gradientCheckpointing: false,
    accumulate: false,
  });
  const count = batchSize * shape.contextLength;
  const rows = [batchSize, shape.contextLength];
  const ids = (factor: number): HostTensor => ({
    dtype: 'int64',
    shape: rows,
    data: BigInt64Array.from({ length: count }, (_, i) => BigInt((i * factor + 1) % 11)),
  });
  const inputs: Readonly<Record<string, HostTensor>> = {
    input_ids: ids(3),
    targets: ids(5),
    loss_weights: { dtype: 'float32', shape: rows, data: new Float32Array(count).fill(1 / count) },
  };
  const parameters = await engine.createParameterSet(gptParameters(shape));
  const owned: DeviceTensor[] = [];
  try {
    const values = new Map([...initializeParameters(shape, 1)].map(({ name, data }) => [name, data]));
    const plane = parameters.plane('parameters');
    const gradients = parameters.plane('gradients');
    for (const [name, data] of values) await engine.write(plane[name]!, data);
    const bindings: Record<string, DeviceTensor> = { ...plane };
    for (const [name, { dtype, shape: extents, data }] of Object.entries(inputs)) {
      const tensor = engine.allocate(dtype, extents);
      owned.push(tensor);
      bindings[name] = tensor;
      await engine.write(tensor, data);
    }
    const loss = engine.allocate('float32', []);
    owned.push(loss);
    bindings['loss'] = loss;
    for (const [name, tensor] of Object.entries(gradients)) bindings[`gradient.${name}`] = tensor;
    const program = await engine.compile(graph);
    try {
      await program.run(bindings);
    } finally {
      await program.dispose();
    }
    const expected = evaluateGraph(graph, {
      ...Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toReal(tensor)])),
      ...Object.fromEntries(
        [...values].map(([name, data]) => [
          name,
          toReal({ dtype: 'float32', shape: plane[name]!.shape, data }),
        ]),
      ),
    });
    for (const { name } of graph.outputs)
      requireClose(name, await readNumbers(engine, bindings[name]!), expected[name]!.data);

    const rate = 1e-2;
    await parameters.adamW({
      step: 1,
      learningRate: rate,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: 0.1,
      gradientScale: 0.5,
    });
    for (const { name, weightDecay } of parameters.specifications) {
      const before = values.get(name)!;
      // At the first step the corrected moments are the gradient and its square.
      const after = Float64Array.from(expected[`gradient.${name}`]!.data, (gradient, i) => {
        const scaled = gradient * 0.5;
        return before[i]! * (weightDecay ? 1 - rate * 0.1 : 1) - (rate * scaled) / (Math.abs(scaled) + 1e-8);
      });
      const actual = await readNumbers(engine, plane[name]!);
      // Where the gradient is nothing but rounding, so is its direction.
      const steady = after.map((value, i) =>
        Math.abs(expected[`gradient.${name}`]!.data[i]!) > 1e-6 ? value : actual[i]!,
      );
      requireClose(`the update of ${name}`, actual, steady);
    }
  } finally {
    for (const tensor of owned) tensor.dispose();
    await parameters.dispose();
  }
}

async function readNumbers(engine: Engine, tensor: DeviceTensor): Promise<Float64Array> {
  return toReal({ dtype: tensor.dtype, shape: tensor.shape, data: await engine.read(tensor) }).data;
}

function requireClose(name: string, actual: Float64Array, expected: Float64Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const difference = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(actual[index]! - value)),
    0,
  );
  if (!(difference <= tolerance * largest))
    throw new Error(`${name} differs by ${difference.toExponential(1)} from what it must be.`);
}
