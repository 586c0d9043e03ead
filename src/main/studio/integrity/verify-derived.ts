import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { digestsOfShards, readTokenIndex } from '../../llm/data/token-shards.ts';
import { readManifest, type Manifest } from '../../llm/files/manifest.ts';
import { lookAtIndex } from '../datasets/documents/index-digest.ts';
import { compareFiles, namesIn, verifyFolder, type Place } from './verify-folders.ts';

export async function verifyTokens(place: Place): Promise<void> {
  const folder = join(place.folder, 'tokens');
  const repair = { kind: 'tokens', does: 'encodes the texts again' } as const;
  for (const hash of await namesIn(folder)) {
    const about = {
      what: `tokens ${hash.slice(0, 12)}`,
      consequence: 'They can be made again from the sources, to the same tokens.',
    };
    if (await verifyFolder(place, join(folder, hash), about, repair)) continue;
    if (await listsItsShards(join(folder, hash))) continue;
    let shards: Manifest;
    try {
      shards = digestsOfShards(await readTokenIndex(join(folder, hash)));
    } catch (error) {
      if (!(error instanceof LoamError)) throw error;
      if (existsSync(join(folder, hash)))
        place.report({
          status: 'damaged',
          path: `tokens/${hash}/index.json`,
          detail: error.what,
          ...about,
          repair,
        });
      continue;
    }
    await compareFiles(place, join(folder, hash), shards, about, repair);
  }
}

/** Whether a folder's list of hashes has its shards, and not the index alone, which then has theirs. */
async function listsItsShards(folder: string): Promise<boolean> {
  const manifest = await readManifest(folder);
  return manifest !== undefined && [...manifest.keys()].some((file) => file.endsWith('.bin'));
}

export async function verifyIndexes(place: Place): Promise<void> {
  const folder = join(place.folder, 'documents');
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.sqlite')) continue;
    place.countFile();
    const state = await lookAtIndex(join(folder, name), place.reading);
    if (state === 'intact') continue;
    place.report({
      status: state === 'damaged' ? 'damaged' : 'unprotected',
      what: `index of documents ${name.slice(0, 12)}`,
      path: `documents/${name}`,
      detail:
        state === 'damaged'
          ? 'Its rows are not those that were written.'
          : 'It was made before Loam kept digests of indexes.',
      consequence: 'It can be made again from the sources.',
      repair: { kind: 'index', does: 'removes it; it is made again when its dataset is opened' },
    });
  }
}
