// Feeds mutations to one parser after another, in a process of its own with little memory: whoever started it ends it when
// it hangs and learns from its file of progress where it was. Arguments: the parsers' names as JSON, the seed, the first
// mutation, the mutation after the last, the file of progress.
import { mkdtempSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoamError } from '../../src/shared/errors.ts';
import type { ParserReport } from './hostile-files.ts';
import { mutate } from './mutate.ts';
import { parsers } from './parsers.ts';

const [names = '[]', seed = '0', from = '0', to = '0', progressFile = ''] = process.argv.slice(2);
const progress = openSync(progressFile, 'w');
const folder = mkdtempSync(join(tmpdir(), 'loam-hostile-'));

/** Tells of something by one message, and waits until it is on its way: the process may be ended any moment. */
const tell = (report: ParserReport): Promise<void> =>
  new Promise((resolve) => process.send?.(report, undefined, undefined, () => resolve()));

for (const name of JSON.parse(names) as readonly string[]) {
  const parser = parsers.find((each) => each.name === name);
  if (parser === undefined) throw new Error(`There is no parser ${name}.`);
  const note = (index: number): void =>
    void writeSync(progress, `${name}\n${index}\n${Date.now()}\n`.padEnd(200), 0);
  note(Number(from));
  const whole = join(folder, 'whole');
  await rm(whole, { recursive: true, force: true });
  await mkdir(whole);
  const file = await parser.lay(whole);
  const bytes = await readFile(file);
  await parser.read(file, whole); // what is whole is read
  let refused = 0;
  for (let index = Number(from); index < Number(to); index++) {
    note(index);
    await writeFile(file, mutate(bytes, Number(seed) + index));
    try {
      await parser.read(file, whole);
    } catch (error) {
      refused += 1;
      if (!(error instanceof LoamError) && !isExpected(name, error))
        await tell({
          type: 'fault',
          parser: name,
          index,
          reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
    }
  }
  await tell({ type: 'done', parser: name, refused, memoryBytes: process.resourceUsage().maxRSS * 1024 });
}
await rm(folder, { recursive: true, force: true });
process.exit(0);

/** A recipe comes through the border of a procedure, which is told by JSON.parse itself what is no JSON. */
function isExpected(parser: string, error: unknown): boolean {
  return parser === 'recipe' && error instanceof SyntaxError;
}
