import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { instructionSetsIn } from '../../src/main/studio/hardware/instruction-sets.ts';
import { loamVersion } from '../../src/main/studio/version.ts';

/** Where and with what a measurement was made. */
export interface Machine {
  readonly processor: string;
  /** Vector extensions that matrix products profit from. */
  readonly extensions: readonly string[];
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Names and versions of what was measured. */
  readonly versions: Readonly<Record<string, string>>;
}

/** @param versions those of the peers and of the engine */
export function describeMachine(versions: Readonly<Record<string, string>>): Machine {
  const information = readProcessorInformation();
  const family = /^cpu family\s*:\s*(\d+)/m.exec(information)?.[1];
  const model = /^model\s*:\s*(\d+)/m.exec(information)?.[1];
  const name = cpus()[0]?.model.trim() || process.arch;
  return {
    processor:
      family === undefined || model === undefined ? name : `${name} (family ${family}, model ${model})`,
    extensions: instructionSetsIn(information),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${process.platform} ${release()} ${process.arch}`,
    versions: { loam: loamVersion, ...commit(), node: process.versions.node, ...versions },
  };
}

function readProcessorInformation(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // no Linux: the name must do
  }
}

/** The commit that was measured, where this is a clone. */
function commit(): Readonly<Record<string, string>> {
  const git = (...arguments_: string[]): string =>
    execFileSync('git', arguments_, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '../../src') !== '';
    return { commit: `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}` };
  } catch {
    return {};
  }
}
