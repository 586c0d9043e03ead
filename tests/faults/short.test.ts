import { describe, expect, test } from 'vitest';
import { formatFigures } from './figures.ts';
import { faultKinds } from './kinds.ts';

/** Another one each day: what the long run would find comes up here sooner or later, with the seed to repeat it. */
const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Date.now() / 86_400_000));

const shortKinds = faultKinds.filter(({ short }) => short > 0);

describe('under a few faults of each kind, nothing is lost and nothing is silent (npm run test:faults does many)', () => {
  test.each(shortKinds.map((kind) => [kind.name, kind] as const))('%s', async (_, { run, short }) => {
    const figures = await run(short, seed);
    expect(
      figures.flatMap(({ failures }) => failures),
      `seed ${seed}\n${formatFigures(figures)}`,
    ).toEqual([]);
    for (const { what, counts } of figures) expect(counts['silent'] ?? 0, what).toBe(0);
  });
});
