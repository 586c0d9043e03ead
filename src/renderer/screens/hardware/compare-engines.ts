import type { EngineState } from '../../../shared/engines/contract.ts';
import type { EngineName } from '../../../shared/engines/engine.ts';

/** Measurements of the same thing waver: what lies nearer together than this counts as alike. */
const alikeBelow = 1.1;

/** Who is ahead of whom, and how many times as fast. */
export interface Lead {
  readonly first: EngineName;
  readonly second: EngineName;
  readonly times: number;
  readonly alike: boolean;
}

function leadOf(rates: readonly (readonly [EngineName, number])[]): Lead | undefined {
  const [best, next] = rates.toSorted(([, a], [, b]) => b - a);
  if (best === undefined || next === undefined) return undefined;
  const times = best[1] / next[1];
  return { first: best[0], second: next[0], times, alike: times < alikeBelow };
}

/** How the two fastest engines compare, once more than one was measured. */
export function compareEngines(
  engines: readonly Pick<EngineState, 'name' | 'benchmark'>[],
): { readonly training: Lead; readonly writing: Lead } | undefined {
  const measured = engines.flatMap(({ name, benchmark }) =>
    benchmark === undefined ? [] : [{ name, benchmark }],
  );
  const training = leadOf(measured.map(({ name, benchmark }) => [name, 1 / benchmark.secondsPerStep]));
  const writing = leadOf(measured.map(({ name, benchmark }) => [name, benchmark.tokensPerSecond]));
  return training === undefined || writing === undefined ? undefined : { training, writing };
}
