import type { EngineName } from '../../../shared/engines/engine.ts';
import type { EngineBenchmark } from '../../llm/engine-trials/benchmark.ts';
import { availableThreads } from '../hardware/hardware.ts';
import type { Launcher } from '../processes/launcher.ts';
import { startWorker } from '../processes/worker-client.ts';
import { keepBenchmark } from './benchmarks.ts';
import type { EngineProcedures } from './engine-protocol.ts';
import { listEngines } from './list-engines.ts';
import { requireEngine } from './require-engine.ts';

/** A part of the measurement of one engine, of which there are `total` in all. */
export interface MeasuringProgress {
  readonly engine: EngineName;
  readonly stage: EngineProcedures['benchmark']['event'];
  readonly done: number;
  readonly total: number;
}

const stages: readonly EngineProcedures['benchmark']['event'][] = ['matrices', 'training', 'writing'];

/**
 * Measures every engine that is ready, each in a process of its own, and keeps the results. There are two rounds, the second
 * the other way round, and the better figure of each counts: what else the machine does meanwhile slows one of them, and would
 * make another engine the usual one.
 */
export async function measureEngines(options: {
  readonly launcher: Launcher;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MeasuringProgress) => void;
  readonly clock: () => Date;
}): Promise<void> {
  const { launcher, signal, onProgress, clock } = options;
  const engines = await listEngines(launcher);
  const names = engines.filter(({ state }) => state === 'ready').map(({ name }) => name);
  const measured = new Map<EngineName, EngineBenchmark>();
  const turns = [...names, ...names.toReversed()];
  for (const [turn, engine] of turns.entries()) {
    const figures = await measureEngine(engine, launcher, signal, (stage) =>
      onProgress({
        engine,
        stage,
        done: stages.length * turn + stages.indexOf(stage),
        total: stages.length * turns.length,
      }),
    );
    const earlier = measured.get(engine);
    measured.set(engine, earlier === undefined ? figures : betterOf(earlier, figures));
  }
  for (const [engine, figures] of measured) await keepBenchmark(engine, figures, clock);
}

async function measureEngine(
  name: EngineName,
  launcher: Launcher,
  signal: AbortSignal,
  onStage: (stage: EngineProcedures['benchmark']['event']) => void,
): Promise<EngineBenchmark> {
  await requireEngine(name);
  const worker = startWorker<EngineProcedures>(launcher('engine'), 'benchmark of the engine');
  try {
    const threads = await availableThreads();
    return await worker.call('benchmark', { engine: name, threads }, { signal, onEvent: onStage });
  } finally {
    await worker.close();
  }
}

function betterOf(a: EngineBenchmark, b: EngineBenchmark): EngineBenchmark {
  return {
    matrixGigaflops: Math.max(a.matrixGigaflops, b.matrixGigaflops),
    secondsPerStep: Math.min(a.secondsPerStep, b.secondsPerStep),
    memoryBytes: Math.min(a.memoryBytes, b.memoryBytes),
    tokensPerSecond: Math.max(a.tokensPerSecond, b.tokensPerSecond),
  };
}
