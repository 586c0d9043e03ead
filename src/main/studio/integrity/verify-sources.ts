import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from '../../llm/files/file-digest.ts';
import type { Names } from './stored-names.ts';
import { namesIn, type Place } from './verify-folders.ts';

/** The project's copies, and the files that were left in their places. */
export async function verifySources(place: Place, { sources }: Names): Promise<void> {
  const folder = join(place.folder, 'sources');
  const usesOf = (hash: string): string => {
    const uses = sources.filter((source) => source.hash === hash);
    return uses.length === 0 ? '' : uses.map(({ name, dataset }) => `${name} of ${dataset}`).join(', ');
  };
  const present = new Set(await namesIn(folder));
  for (const hash of present) {
    if (!/^[0-9a-f]{64}$/.test(hash)) continue;
    place.countFile();
    if ((await digestFile(join(folder, hash), place.reading)).sha256 === hash) continue;
    const uses = usesOf(hash);
    place.report({
      status: 'damaged',
      what: `source ${uses === '' ? hash.slice(0, 12) : uses}`,
      path: `sources/${hash}`,
      detail: 'The copy no longer holds what was imported.',
      consequence:
        uses === ''
          ? 'No dataset needs it.'
          : 'Nothing can be learned from it. Import the original file again: its copy takes this one’s place. Models that were trained on it are not affected.',
    });
  }
  for (const { hash, name, dataset, keptAt } of sources) {
    if (present.has(hash)) continue;
    const what = `source ${name} of ${dataset}`;
    if (keptAt === null || !existsSync(keptAt)) {
      place.report({
        status: 'missing',
        what,
        path: keptAt ?? `sources/${hash}`,
        detail:
          keptAt === null
            ? 'The project’s copy is gone.'
            : 'The file was kept where it is, and is no longer there.',
        consequence:
          'Nothing can be learned from it until the original file is there again, or is imported again.',
      });
      continue;
    }
    place.countFile();
    if ((await digestFile(keptAt, place.reading)).sha256 !== hash)
      place.report({
        status: 'damaged',
        what,
        path: keptAt,
        detail: 'The file was kept where it is, and has changed since it was imported.',
        consequence: 'Put the old file back, or take it out of the dataset and add it as it is now.',
      });
  }
}
