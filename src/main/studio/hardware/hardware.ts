import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { usedCores } from '../../../shared/runs/configuration.ts';
import type { Hardware } from '../../../shared/runs/run.ts';
import { readSettings } from '../settings/settings.ts';

/** The machine that this process runs on. */
export function describeHardware(): Hardware {
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: platform(),
    architecture: arch(),
  };
}

/** Threads for work that is not a run: all cores but those that the settings leave free. */
export async function availableThreads(): Promise<number> {
  return usedCores(availableParallelism(), (await readSettings()).freeCores);
}
