import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { engineBenchmarkSchema, type KeptBenchmark } from '../../../shared/engines/contract.ts';
import { engineNames, type EngineName } from '../../../shared/engines/engine.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { benchmarkModel, type EngineBenchmark } from '../../llm/engine-trials/benchmark.ts';
import { countParameters } from '../../llm/models/registry.ts';
import { availableThreads, describeHardware } from '../hardware/hardware.ts';
import { rememberMeasurement } from './measurements.ts';
import { userFolder } from '../settings/user-folder.ts';
import { findInstalledEngine } from './installed-engine.ts';

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
        const here = await findInstalledEngine(name);
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

/** Keeps what an engine did now: for estimates, and for the choice of an engine. */
export async function keepBenchmark(
  name: EngineName,
  figures: EngineBenchmark,
  clock: () => Date,
): Promise<void> {
  const { processor } = describeHardware();
  const here = await findInstalledEngine(name);
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
