import { arch, availableParallelism, cpus } from 'node:os';

/** The processor that an engine computes on, in words: its name and the cores that may be used. */
export function describeProcessor(): string {
  return `${cpus()[0]?.model.trim() ?? arch()} (${availableParallelism()} cores)`;
}
