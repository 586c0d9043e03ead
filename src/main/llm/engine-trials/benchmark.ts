import { benchmarkGpt } from '../../../shared/engines/benchmark-gpt.ts';
import { trainingConfigurationSchema } from '../../../shared/runs/configuration.ts';
import { gptConfigurationSchema, resolveGptShape } from '../../../shared/models/gpt-configuration.ts';
import { createForwardPass } from '../generation/forward-pass.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { slice } from '../graph/operators/layout.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { initializeParameters } from '../models/initialize-parameters.ts';
import { parametersOf } from '../models/registry.ts';
import { usualObjective } from '../../../shared/objectives/usual-objective.ts';
import { loadObjective } from '../objectives/registry.ts';
import { measureConfiguration } from '../training/measure-configuration.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';

/** What an engine does here. */
export interface EngineBenchmark {
  /** Of a large product of matrices, 10⁹ operations a second. */
  readonly matrixGigaflops: number;
  /** A whole training step of `benchmarkModel`, in seconds. */
  readonly secondsPerStep: number;
  /** Resident memory while it trained. */
  readonly memoryBytes: number;
  /** Tokens that `benchmarkModel` writes in a second, one after another. */
  readonly tokensPerSecond: number;
}

/** The model that is trained and writes. */
export const benchmarkModel = {
  shape: resolveGptShape(gptConfigurationSchema.parse(benchmarkGpt), 2048),
  training: trainingConfigurationSchema.parse({ steps: 100, batchSize: 8 }),
};

const matrixSize = 1024;
const decodedTokens = 96;

export interface BenchmarkOptions {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** Seconds, monotonic. */
  readonly clock: () => number;
  readonly onStage: (stage: 'matrices' | 'training' | 'writing') => void;
}

/** Measures an engine in less than a minute: a product of matrices, a training step, writing token after token. */
export async function benchmarkEngine(options: BenchmarkOptions): Promise<EngineBenchmark> {
  const { engine, signal, clock, onStage } = options;
  onStage('matrices');
  const matrixGigaflops = await measureMatrices(options);
  signal.throwIfAborted();
  onStage('training');
  const { shape, training } = benchmarkModel;
  const { secondsPerStep, memoryBytes } = await measureConfiguration({
    engine,
    shape,
    objective: await loadObjective(usualObjective),
    configuration: training,
    signal,
    clock,
  });
  onStage('writing');
  const tokensPerSecond = await measureWriting(options);
  return { matrixGigaflops, secondsPerStep, memoryBytes, tokensPerSecond };
}

async function measureMatrices({ engine, clock }: BenchmarkOptions): Promise<number> {
  const builder = new GraphBuilder('matrix_product');
  const [a, b] = [
    builder.input('a', 'float32', [matrixSize, matrixSize]),
    builder.input('b', 'float32', [matrixSize, matrixSize]),
  ];
  // A corner of it: reading all of it back from a card would take longer than computing it.
  builder.output('corner', slice(slice(gemm(a, b), 0, 0, 1), 1, 0, 1));
  const program = await engine.compile(builder.finish());
  const bindings = Object.fromEntries(
    (['a', 'b', 'corner'] as const).map((name) => {
      const extent = name === 'corner' ? 1 : matrixSize;
      return [name, engine.allocate('float32', [extent, extent])];
    }),
  );
  try {
    const values = Float32Array.from({ length: matrixSize ** 2 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5);
    await engine.write(bindings['a']!, values);
    await engine.write(bindings['b']!, values);
    let shortest = Infinity;
    const end = clock() + 2;
    for (let run = 0; run < 3 || clock() < end; run++) {
      const start = clock();
      await program.run(bindings);
      // What a card has begun is done when its result is read.
      await engine.read(bindings['corner']!);
      shortest = Math.min(shortest, clock() - start);
    }
    return (2 * matrixSize ** 3) / shortest / 1e9;
  } finally {
    await program.dispose();
    for (const tensor of Object.values(bindings)) tensor.dispose();
  }
}

async function measureWriting({ engine, clock, signal }: BenchmarkOptions): Promise<number> {
  const { shape } = benchmarkModel;
  const weights: Record<string, DeviceTensor> = {};
  const parameters = parametersOf(shape);
  const extents = new Map(parameters.map((parameter) => [parameter.name, parameter.shape]));
  try {
    for (const { name, data } of initializeParameters(parameters, 1)) {
      weights[name] = engine.allocate('float32', extents.get(name)!);
      await engine.write(weights[name], data);
    }
    const pass = await createForwardPass({
      engine,
      shape,
      weights,
      frozen: true,
      cacheLength: shape.contextLength,
    });
    try {
      await pass.run([1, 2, 3, 4], 0);
      const start = clock();
      for (let token = 0; token < decodedTokens; token++) {
        signal.throwIfAborted();
        await pass.run([token], 4 + token);
      }
      return decodedTokens / (clock() - start);
    } finally {
      await pass.dispose();
    }
  } finally {
    for (const tensor of Object.values(weights)) tensor.dispose();
  }
}
