import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Processor time so far, in clock ticks: of everything that runs here, and of this process and its ended children. */
interface ProcessorTime {
  readonly all: number;
  readonly own: number;
  /** Seconds, to which the ticks belong. */
  readonly at: number;
}

/** Ticks a second in the files of /proc: USER_HZ, which Linux fixes at 100. */
const ticksPerSecond = 100;

/** The share of the cores that other programs take while something is measured; Linux alone tells. */
export function watchOtherWork(): () => number | undefined {
  const before = readProcessorTime();
  return () => {
    const after = readProcessorTime();
    if (before === undefined || after === undefined) return undefined;
    const others = (after.all - before.all - (after.own - before.own)) / ticksPerSecond;
    return Math.max(0, others / (after.at - before.at) / availableParallelism());
  };
}

function readProcessorTime(): ProcessorTime | undefined {
  try {
    // proc(5): user, nice, system, idle, iowait, irq, softirq, steal …
    const [user, nice, system, , , interrupt, softInterrupt, steal] = numbers(
      readFileSync('/proc/stat', 'utf8')
        .split('\n', 1)[0]
        ?.replace(/^cpu\s+/, '') ?? '',
    );
    // Fields 14 to 17 are utime, stime, cutime and cstime; the name in field 2 may hold spaces, so count from its end.
    const fields = numbers(readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) \S /s, ''));
    return {
      all: sum([user, nice, system, interrupt, softInterrupt, steal]),
      own: sum(fields.slice(10, 14)),
      at: performance.now() / 1000,
    };
  } catch {
    return undefined;
  }
}

function numbers(text: string): readonly number[] {
  return text.trim().split(/\s+/).map(Number);
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
