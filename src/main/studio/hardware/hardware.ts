import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Hardware } from '../../../shared/runs/run.ts';

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
