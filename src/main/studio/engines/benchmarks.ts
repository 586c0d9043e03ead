import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { engineBenchmarkSchema, type KeptBenchmark } from '../../../shared/engines/contract.ts';
import { engineNames, type EngineName } from '../../../shared/engines/engine.ts';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../../llm/checkpoints/atomic-file.ts';
import { makeFolder } from '../../llm/checkpoints/make-folder.ts';
import { benchmarkModel, type EngineBenchmark } from '../../llm/engines/benchmark.ts';
import { countParameters } from '../../llm/models/gpt/parameters.ts';
import { availableThreads, describeHardware } from '../hardware/hardware.ts';
import type { Launcher } from '../jobs/launcher.ts';
import { startWorker } from '../jobs/worker-client.ts';
import { rememberMeasurement } from '../runs/measurements.ts';
import { readSettings } from '../settings/settings.ts';
import { userFolder } from '../settings/user-folder.ts';
import type { EngineProcedures } from './engine-protocol.ts';
import { engineHere } from './engine-here.ts';
import { findPack } from './pack.ts';
import { requireEngine } from './require-engine.ts';

const benchmarksFile = () => join(userFolder(), 'engine-benchmarks.json');
const keptSchema = z.record(z.enum(engineNames), engineBenchmarkSchema.optional());

/** What engines did here when they were measured last: on this processor, in their present versions, on their present devices. */
export async function readBenchmarks(): Promise<Readonly<Partial<Record<EngineName, KeptBenchmark>>>> {
  const text = await readFile(benchmarksFile(), 'utf8').catch(() => '{}');
  try {
    const kept = keptSchema.parse(JSON.parse(text));
    const { processor } = describeHardware();
    const valid = await Promise.all(
      engineNames.map(async (name) => {
        const benchmark = kept[name];
        const here = await engineHere(name);
        return benchmark?.processor === processor &&
          benchmark.version === here?.version &&
          benchmark.device === here.device
          ? [[name, benchmark] as const]
          : [];
      }),
    );
    return Object.fromEntries(valid.flat());
  } catch {
    // It can be measured again.
    return {};
  }
}

/** A part of the measurement of one engine, of which there are `total` in all. */
export interface MeasuringProgress {
  readonly engine: EngineName;
  readonly stage: EngineProcedures['benchmark']['event'];
  readonly done: number;
  readonly total: number;
}

const stages: readonly EngineProcedures['benchmark']['event'][] = ['matrices', 'training', 'writing'];

/**
 * Measures engines, each in a process of its own, and keeps the results: for estimates, and for the choice of an engine. There
 * are two rounds, the second the other way round, and the better figure of each counts: what else the machine does meanwhile
 * slows one of them, and would make another engine the usual one.
 */
export async function measureEngines(
  names: readonly EngineName[],
  options: {
    readonly launcher: Launcher;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: MeasuringProgress) => void;
    readonly clock: () => Date;
  },
): Promise<void> {
  const { launcher, signal, onProgress, clock } = options;
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

async function keepBenchmark(name: EngineName, figures: EngineBenchmark, clock: () => Date): Promise<void> {
  const { processor } = describeHardware();
  const here = await engineHere(name);
  const benchmark: KeptBenchmark = {
    ...figures,
    processor,
    version: here?.version ?? 'unknown',
    device: here?.device ?? processor,
    threads: await availableThreads(),
    measuredAt: clock().toISOString(),
  };
  await makeFolder(userFolder());
  await writeJsonAtomically(benchmarksFile(), { ...(await readBenchmarks()), [name]: benchmark });
  const { shape, training } = benchmarkModel;
  await rememberMeasurement({
    processor,
    shape,
    parameters: countParameters(shape),
    batchSize: training.batchSize,
    microBatchSize: training.microBatchSize,
    gradientCheckpointing: training.gradientCheckpointing,
    engine: name,
    engineVersion: benchmark.version,
    engineDevice: benchmark.device,
    threads: benchmark.threads,
    secondsPerStep: figures.secondsPerStep,
    memoryBytes: figures.memoryBytes,
    measuredAt: benchmark.measuredAt,
  });
}

/** Only an engine that is faster by more than measurements waver takes the place of the one that comes along. */
const margin = 1.25;

/** What an engine is wanted for. An evaluation is as training is: many tokens at once. */
export type EnginePurpose = 'training' | 'writing';

/**
 * The engine that computes where nothing else is chosen: that of the settings or, where these leave it open, the one that
 * did such work faster here. One that trains faster may well write more slowly: writing is one token at a time.
 */
export async function usualEngine(purpose: EnginePurpose): Promise<EngineName> {
  const { engine } = await readSettings();
  if (engine !== 'auto') return engine;
  if ((await findPack()).state !== 'installed') return 'onnxruntime';
  const { onnxruntime, tensorflow } = await readBenchmarks();
  if (onnxruntime === undefined || tensorflow === undefined) return 'onnxruntime';
  const speedup = {
    training: onnxruntime.secondsPerStep / tensorflow.secondsPerStep,
    writing: tensorflow.tokensPerSecond / onnxruntime.tokensPerSecond,
  };
  return speedup[purpose] > margin ? 'tensorflow' : 'onnxruntime';
}

/** The usual engine, where it is needed now. @throws LoamError when the settings ask for one that is not here */
export async function requireUsualEngine(purpose: EnginePurpose): Promise<EngineName> {
  const name = await usualEngine(purpose);
  try {
    await requireEngine(name);
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    const { kind, what, where, action } = error;
    throw new LoamError(
      {
        kind,
        what: `${what} The settings ask for it.`,
        ...(where === undefined ? {} : { where }),
        remedy: 'Install it, or have the settings leave the choice to Loam (engine: auto).',
        ...(action === undefined ? {} : { action }),
      },
      { cause: error },
    );
  }
  return name;
}
