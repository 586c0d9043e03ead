import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { inspectExport, requireApart, takenFolder } from '../../llm/export/export-mark.ts';
import { isReservedFolder } from '../projects/own-files.ts';

/**
 * An export replaces the folder it is given, so that folder must hold nothing but an earlier export, and nothing that a
 * project lives on; nor may it be the model itself.
 * @throws LoamError otherwise
 */
export async function requireFreeFolder(model: string, folder: string, replace: boolean): Promise<void> {
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

/** A path that begins as one of Windows does: `C:\\`, `\\\\server\\`. */
const windowsPath = /^([A-Za-z]:[\\/]|\\\\)/;

/**
 * Makes sure that a typed path means a place on this machine whatever folder the program was started in.
 * @param platform this system; another one only to test its rules
 * @throws LoamError for a relative path, and for one as another system writes them
 */
export function requireWholePath(path: string, platform: NodeJS.Platform = process.platform): void {
  const account = explainPath(path, platform);
  if (account !== undefined) throw new LoamError({ kind: 'misuse', where: path, ...account });
}

function explainPath(
  path: string,
  platform: NodeJS.Platform,
): { readonly what: string; readonly remedy: string } | undefined {
  const remedy =
    platform === 'win32'
      ? String.raw`Give the whole path, such as C:\Users\me\models.`
      : 'Give the whole path, such as /home/me/models.';
  const onWindows = platform === 'win32';
  if (!onWindows && windowsPath.test(path))
    return { what: 'This is a path of Windows, and Loam runs on another system.', remedy };
  if (onWindows && /^\/(?!\/)/.test(path))
    return { what: 'This is a path of Linux or macOS, and Loam runs on Windows.', remedy };
  const whole = onWindows ? windowsPath.test(path) : isAbsolute(path);
  return whole ? undefined : { what: 'The path does not say from where it begins.', remedy };
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
