import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { createForwardPass } from '../generation/forward-pass.ts';
import type { Graph, HostTensor } from '../graph/types.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { evaluateGraph, toReal } from '../engines/reference/evaluate.ts';
import { initializeParameters } from '../models/initialize-parameters.ts';
import { tasksOf } from '../models/tasks.ts';
import { architectureOf, parametersOf, registeredArchitectures } from '../models/registry.ts';
import type { Objective } from '../objectives/objective.ts';
import { loadObjective, objectiveForTasks } from '../objectives/registry.ts';
import { buildTrainingGraph } from '../objectives/training-graph.ts';

/** Largest difference that float32 explains, relative to the largest element. */
const tolerance = 1e-4;
const batchSize = 2;
const learningRate = 1e-2;
const decay = 0.1;

/**
 * Has an engine do with a small model of each kind what it will do with a person's: add up the gradients of two micro-batches,
 * update the parameters, read a prompt and write a token after it. All is compared with the float64 evaluation; it takes a
 * second or two.
 * @throws Error that says what differs
 */
export async function testEngine(engine: Engine): Promise<void> {
  for (const shape of registeredArchitectures().flatMap((architecture) => architecture.trialShapes())) {
    await testTraining(engine, shape);
    await testWriting(engine, shape);
  }
}

/** What a model of this shape would first be trained by. */
function objectiveOf(shape: ModelShape): Promise<Objective> {
  return loadObjective(objectiveForTasks(tasksOf(shape)).name);
}

async function testTraining(engine: Engine, shape: ModelShape): Promise<void> {
  const objective = await objectiveOf(shape);
  const graphOf = (accumulate: boolean): Graph =>
    buildTrainingGraph(objective, shape, {
      microBatchSize: batchSize,
      sequenceLength: shape.contextLength,
      lossChunks: 2,
      gradientCheckpointing: true,
      accumulate,
    });
  const { inputs } = objective.measuredBatch(objective.syntheticSplit(shape), shape, batchSize);
  const parameters = await engine.createParameterSet(parametersOf(shape));
  const owned: DeviceTensor[] = [];
  try {
    const values = weightsOf(shape);
    const buffer = parameters.buffer('parameters');
    for (const [name, { data }] of values) await engine.write(buffer[name]!, data);
    const bindings: Record<string, DeviceTensor> = { ...buffer, loss: engine.allocate('float32', []) };
    owned.push(bindings['loss']!);
    for (const [name, { dtype, shape: extents, data }] of Object.entries(inputs)) {
      const tensor = engine.allocate(dtype, extents);
      owned.push(tensor);
      bindings[name] = tensor;
      await engine.write(tensor, data);
    }
    for (const [name, tensor] of Object.entries(parameters.buffer('gradients')))
      bindings[`gradient.${name}`] = tensor;
    await parameters.zeroGradients();
    const program = await engine.compile(graphOf(true));
    try {
      // Twice the same micro-batch: the gradients are twice those of one.
      await program.run(bindings);
      await program.run(bindings);
    } finally {
      await program.dispose();
    }
    const expected = evaluateGraph(graphOf(false), realOf([...Object.entries(inputs), ...values]));
    const actual = async (name: string) => readNumbers(engine, bindings[name]!);
    requireClose(shape, 'loss', await actual('loss'), expected['loss']!.data);
    for (const { name } of parameters.specifications)
      requireClose(
        shape,
        `gradient.${name}`,
        await actual(`gradient.${name}`),
        expected[`gradient.${name}`]!.data.map((gradient) => 2 * gradient),
      );

    await parameters.adamW({
      step: 1,
      learningRate,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: decay,
      gradientScale: 0.5,
    });
    for (const { name, weightDecay } of parameters.specifications) {
      const gradients = expected[`gradient.${name}`]!.data;
      // At the first step the corrected moments are the gradient and its square.
      const after = Float64Array.from(gradients, (gradient, i) => {
        const kept = Number(values.get(name)!.data[i]) * (weightDecay ? 1 - learningRate * decay : 1);
        return kept - (learningRate * gradient) / (Math.abs(gradient) + 1e-8);
      });
      const updated = await readNumbers(engine, buffer[name]!);
      // Where the gradient is nothing but rounding, so is its direction.
      const steady = after.map((value, i) => (Math.abs(gradients[i]!) > 1e-6 ? value : updated[i]!));
      requireClose(shape, `the update of ${name}`, updated, steady);
    }
  } finally {
    for (const tensor of owned) tensor.dispose();
    await parameters.dispose();
  }
}

async function testWriting(engine: Engine, shape: ModelShape): Promise<void> {
  const values = weightsOf(shape);
  const cacheLength = shape.contextLength;
  const graph = architectureOf(shape).generationGraph?.(shape, { cacheLength });
  if (graph === undefined) return;
  /** What the whole text gives at once, with nothing in the cache. */
  const expected = (ids: readonly number[]): Float64Array => {
    const int32 = (extents: readonly number[], value: number): HostTensor => ({
      dtype: 'int32',
      shape: extents,
      data: Int32Array.of(value),
    });
    const int64 = (numbers: readonly number[]): HostTensor => ({
      dtype: 'int64',
      shape: [1, numbers.length],
      data: BigInt64Array.from(numbers, BigInt),
    });
    const state = new Set(graph.aliases.values());
    const caches = graph.inputs
      .filter(({ name }) => state.has(name))
      .map(({ name, dtype, shape: extents }): readonly [string, HostTensor] => {
        const sizes = extents.map(Number);
        return [name, { dtype, shape: sizes, data: new Float32Array(sizes.reduce((a, b) => a * b, 1)) }];
      });
    const given: readonly (readonly [string, HostTensor])[] = [
      ['input_ids', int64(ids)],
      ['position_ids', int64([...ids.keys()])],
      ['total_length', int32([], ids.length)],
      ['sequence_lengths', int32([1], ids.length - 1)],
    ];
    const taken = given.filter(([name]) => graph.inputs.some((input) => input.name === name));
    return evaluateGraph(graph, realOf([...taken, ...caches, ...values]))['logits']!.data;
  };
  const weights: Record<string, DeviceTensor> = {};
  try {
    for (const [name, { dtype, shape: extents, data }] of values) {
      weights[name] = engine.allocate(dtype, extents);
      await engine.write(weights[name], data);
    }
    const pass = await createForwardPass({ engine, shape, weights, frozen: true, cacheLength });
    try {
      const prompt = [3, 1, 7];
      const read = Float64Array.from(await pass.run(prompt, 0));
      requireClose(shape, 'what follows a prompt', read, expected(prompt));
      const written = Float64Array.from(await pass.run([4], prompt.length));
      requireClose(shape, 'what follows a token', written, expected([...prompt, 4]));
    } finally {
      await pass.dispose();
    }
  } finally {
    for (const tensor of Object.values(weights)) tensor.dispose();
  }
}

/** The weights that a model begins with, by name. */
function weightsOf(shape: ModelShape): ReadonlyMap<string, HostTensor> {
  const parameters = parametersOf(shape);
  const extents = new Map(parameters.map((parameter) => [parameter.name, parameter.shape]));
  return new Map(
    [...initializeParameters(parameters, 1)].map(({ name, data }) => [
      name,
      { dtype: 'float32', shape: extents.get(name)!, data },
    ]),
  );
}

function realOf(tensors: Iterable<readonly [string, HostTensor]>) {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, toReal(tensor)]));
}

async function readNumbers(engine: Engine, tensor: DeviceTensor): Promise<Float64Array> {
  return toReal({ dtype: tensor.dtype, shape: tensor.shape, data: await engine.read(tensor) }).data;
}

function requireClose(shape: ModelShape, name: string, actual: Float64Array, expected: Float64Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const difference = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(actual[index]! - value)),
    0,
  );
  if (!(difference <= tolerance * largest))
    throw new Error(
      `In a model of the kind ${modelDeclarationOf(shape).modelType(shape)}, ${name} differs by ${difference.toExponential(1)} from what it must be.`,
    );
}
