import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { inspectExport, requireApart, takenFolder } from '../../llm/export/export-mark.ts';
import { isReservedFolder } from '../projects/own-files.ts';
import { requireOwnForm } from '../typed-paths.ts';

/**
 * An export replaces the folder it is given, so that folder must hold nothing but an earlier export, and nothing that a
 * project lives on; nor may it be the model itself.
 * @throws LoamError otherwise
 */
export async function requireFreeFolder(model: string, folder: string, replace: boolean): Promise<void> {
  requireOwnForm(folder);
  requireNotProjectsOwn(folder);
  await requireApart(model, folder);
  // A replacement reads every file of the earlier export, and is made where that is written.
  const found = await inspectExport(folder, 'sizes');
  switch (found.occupied) {
    case 'free':
      return;
    case 'export':
      if (replace) return;
      throw new LoamError({
        kind: 'misuse',
        where: folder,
        what: 'There is an exported model in this folder already.',
        remedy: 'Replace it, or choose another folder.',
        action: { do: 'replaceExport' },
      });
    case 'taken':
      throw takenFolder(folder, found.because);
    default:
      found satisfies never;
  }
}

/** @throws LoamError for a folder among those in which a project keeps its texts, runs and models. */
function requireNotProjectsOwn(folder: string): void {
  const target = resolve(folder);
  for (let above = dirname(target); ; above = dirname(above)) {
    const [part = ''] = relative(above, target).split(sep);
    if (isReservedFolder(part) && part !== 'exports' && existsSync(join(above, 'loam.sqlite')))
      throw new LoamError({
        kind: 'misuse',
        where: folder,
        what: `The project itself lives in its folder ${part}.`,
        remedy: 'Name a folder outside of the project, or one in its exports.',
      });
    if (dirname(above) === above) return;
  }
}
