import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseConfiguration } from '../../../shared/runs/configuration-schema.ts';
import { fileError } from '../../llm/files/file-errors.ts';
import type { Names } from './stored-names.ts';
import { namesIn, verifyFolder, type Place } from './verify-folders.ts';

export async function verifyTokenizers(place: Place, { tokenizers }: Names): Promise<void> {
  await verifyNamedFolders(place, 'tokenizers', tokenizers, {
    noun: 'tokenizer',
    consequence:
      'No text can be encoded with it. Its runs go on: every checkpoint has a tokenizer of its own, which can be imported from there.',
  });
}

export async function verifyModels(place: Place, { models }: Names): Promise<void> {
  await verifyNamedFolders(place, 'models', models, {
    noun: 'model',
    consequence: 'Import it again from where it came.',
  });
}

async function verifyNamedFolders(
  place: Place,
  parent: string,
  known: readonly string[],
  { noun, consequence }: { readonly noun: string; readonly consequence: string },
): Promise<void> {
  const present = await namesIn(join(place.folder, parent));
  for (const name of present)
    await verifyFolder(place, join(place.folder, parent, name), { what: `${noun} ${name}`, consequence });
  for (const name of known)
    if (!present.includes(name))
      place.report({
        status: 'missing',
        what: `${noun} ${name}`,
        path: `${parent}/${name}`,
        detail: 'Its folder is gone.',
        consequence,
      });
}

export async function verifyRuns(place: Place, names: Names): Promise<void> {
  const { checkpoints } = names;
  const runs = join(place.folder, 'runs');
  const seen = new Set<string>();
  for (const run of await namesIn(runs)) {
    await verifyConfiguration(place, run, names);
    const parent = join(runs, run, 'checkpoints');
    for (const name of await namesIn(parent)) {
      const step = Number(/^step-(\d+)$/.exec(name)?.[1]);
      if (Number.isNaN(step)) continue;
      seen.add(`${run}@${step}`);
      await verifyFolder(place, join(parent, name), {
        what: `checkpoint ${run}@${step}`,
        consequence:
          'Nothing goes on from it, writes with it or is exported from it. The run resumes from an older checkpoint that is whole, and trains the steps since again.',
      });
    }
    if (existsSync(join(runs, run, 'start')))
      await verifyFolder(place, join(runs, run, 'start'), {
        what: `the checkpoint that ${run} began with`,
        consequence: 'The run goes on from its own checkpoints; without one it cannot begin anew.',
      });
  }
  for (const { run, step, folder } of checkpoints)
    if (!seen.has(`${run}@${step}`) && !existsSync(join(place.folder, folder)))
      place.report({
        status: 'missing',
        what: `checkpoint ${run}@${step}`,
        path: folder,
        detail: 'Its folder is gone.',
        consequence: 'The run resumes from another checkpoint, if it has one.',
      });
}

/** The file says what the store says, for whoever reads the folder without Loam. */
async function verifyConfiguration(place: Place, run: string, { runs }: Names): Promise<void> {
  const stored = runs.find(({ name }) => name === run);
  if (stored === undefined) return;
  const file = join(place.folder, 'runs', run, 'configuration.json');
  const report = (status: 'damaged' | 'missing', detail: string): void =>
    place.report({
      status,
      what: `configuration of run ${run}`,
      path: place.stored(file),
      detail,
      consequence:
        'The run is not affected: its configuration is in the store, from which this file can be made again.',
      repair: { kind: 'configuration', does: 'writes it again from the store' },
    });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(error, file);
  });
  if (text === undefined) {
    report('missing', 'The file is gone.');
    return;
  }
  place.countFile();
  place.reading.onBytes?.(Buffer.byteLength(text));
  if (!saysTheSame(text, stored.configurationJson))
    report('damaged', 'It does not say what the store says of the run.');
}

/** Whether two configurations are the same once they are read: one may have been written by an earlier version. */
function saysTheSame(text: string, stored: string): boolean {
  try {
    const [one, other]: readonly unknown[] = [JSON.parse(text), JSON.parse(stored)];
    if (isDeepStrictEqual(one, other)) return true;
    const [first, second] = [one, other].map(parseConfiguration);
    return isDeepStrictEqual(first, second);
  } catch {
    return false;
  }
}
