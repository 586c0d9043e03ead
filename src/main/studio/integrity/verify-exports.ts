import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportMarkFile, readExportMark } from '../../llm/export/export-mark.ts';
import type { Names } from './stored-names.ts';
import { compareFiles, namesIn, type Place } from './verify-folders.ts';

/**
 * Exports in the project's own folder for them, by the hashes in their marks. What a person has added is no fault, and a
 * folder that no export of Loam wrote is the person's.
 */
export async function verifyExports(place: Place, { exports }: Names): Promise<void> {
  const parent = join(place.folder, 'exports');
  for (const name of await namesIn(parent)) {
    const folder = join(parent, name);
    const path = place.stored(folder);
    const made = exports.find((each) => each.folder === path);
    const about = {
      what: made === undefined ? `export ${name}` : `export of ${made.checkpoint}`,
      consequence: 'Export the model again; the model itself is not affected.',
    };
    const mark = await readExportMark(folder);
    switch (mark) {
      case 'absent':
        if (made !== undefined && existsSync(folder))
          place.report({
            status: 'unprotected',
            ...about,
            path,
            detail: 'It has no list of its files’ hashes: an earlier Loam wrote it, or the list was removed.',
            consequence: 'A file in it that changes is not noticed. Exported again, it gets one.',
          });
        break;
      case 'damaged':
        place.report({
          status: 'damaged',
          ...about,
          path: `${path}/${exportMarkFile}`,
          detail: 'The list of the files and their hashes cannot be read.',
        });
        break;
      default:
        await compareFiles(place, folder, mark, about);
    }
  }
}
