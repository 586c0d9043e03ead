// Tries the program under every kind of fault and prints figures: npm run test:faults. With --short as little as `npm test`
// does; --only NAME for one kind; --seed N to repeat a run.
import { parseArgs } from 'node:util';
import { formatFigures } from './figures.ts';
import { faultKinds } from './kinds.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, seed: { type: 'string' }, short: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const wanted = faultKinds.filter(({ name }) => values.only?.includes(name) ?? true);
if (wanted.length === 0 || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `There are --seed NUMBER and --only NAME, of ${faultKinds.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(2);
}

let failures = 0;
for (const { name, unit, run, short, long } of wanted) {
  const scale = values.short === true ? short : long;
  if (scale === 0) continue;
  const started = performance.now();
  const figures = await run(scale, seed);
  const seconds = (performance.now() - started) / 1000;
  failures += figures.reduce((sum, each) => sum + each.failures.length, 0);
  process.stdout.write(
    `${name}: ${scale.toLocaleString('en')} ${unit}, seed ${seed}, ${seconds.toFixed(1)} s\n${formatFigures(figures)}\n\n`,
  );
}
process.stdout.write(failures === 0 ? 'Nothing failed.\n' : `${failures} failures.\n`);
process.exit(failures === 0 ? 0 : 1);
