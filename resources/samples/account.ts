import { toldOf } from './equipment.ts';
import { createRandom, type Random } from './random.ts';
import { write } from './template.ts';
import type { Job } from './world.ts';

export interface Measurement {
  readonly quantity: string;
  readonly unit: string;
  readonly before: string;
  readonly after: string;
}

/** What happened in a job, in sentences. The same for the same job, so that all records of it agree. */
export interface Account {
  readonly reported: string;
  readonly found: readonly string[];
  readonly cause: string;
  /** Steps, each beginning with a verb in the past: "Cleaned the strainer." */
  readonly work: readonly string[];
  readonly measurements: readonly Measurement[];
  readonly parts: readonly string[];
  readonly advice: readonly string[];
  /** For whatever else a document decides. */
  readonly random: Random;
}

export function accountOf(job: Job): Account {
  const { fault, cause, slots } = job;
  const random = createRandom(seedOf(job.number));
  const drawn = new Map<string, string>();
  const say = (pattern: string): string => write(pattern, slots, random, drawn);
  /** What must be told and, by chance, some of the rest; at least `fewest`. */
  const tell = (patterns: readonly string[], chance: number, fewest = 0): string[] => {
    const fitting = toldOf(patterns, cause);
    const dropped = random
      .shuffle(fitting.filter(({ always }) => !always))
      .slice(0, Math.max(0, fitting.length - fewest));
    const left = new Set(dropped.filter(() => !random.chance(chance)));
    return fitting.filter((told) => !left.has(told)).map(({ text }) => say(text));
  };
  const repaired = job.outcome === 'repaired';
  const advice = toldOf(fault.advice, cause);
  return {
    reported: say(random.pick(toldOf(fault.reported, cause)).text),
    found: tell(fault.found, 0.5, 2),
    cause: say(fault.cause[cause]!),
    // Where a part is missing, only the first step is possible at the first visit.
    work: repaired
      ? tell(fault.work, 0.7, 2)
      : toldOf(fault.work, cause)
          .slice(0, 1)
          .map(({ text }) => say(text)),
    measurements: fault.readings.flatMap(({ quantity, unit, before, after }) =>
      toldOf([quantity], cause).map(({ text }) => ({
        quantity: text,
        unit,
        before: say(`{${before}}`),
        after: say(`{${after}}`),
      })),
    ),
    parts: toldOf(fault.parts, cause).map(({ text }) => text),
    advice: random.pickSome(advice, random.integer(1, 2)).map(({ text }) => say(text)),
    random,
  };
}

/** A seed from a text (FNV-1a, 32 bits). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++)
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}
