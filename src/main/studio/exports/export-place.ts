import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ExportPlace } from '../../../shared/exports/export.ts';

/** The names that exports write: `onnx/` holds nothing but the model's file and its weights. */
const exportedNames: ReadonlySet<string> = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'model.safetensors',
  'onnx',
]);
const onnxNames: ReadonlySet<string> = new Set(['model.onnx', 'model.onnx_data']);

/** What Loam itself keeps in a project's folder. */
const projectsOwn: ReadonlySet<string> = new Set([
  'backups',
  'documents',
  'locks',
  'logs',
  'models',
  'runs',
  'sources',
  'staging',
  'tokenizers',
  'tokens',
  'uploads',
]);

/** What is in the way of an export into a folder: nothing, an earlier export and nothing else, or something else. */
export async function occupationOf(folder: string): Promise<ExportPlace['occupied']> {
  const names = await namesIn(folder);
  if (names.length === 0) return 'free';
  const isExport =
    names.includes('config.json') &&
    names.includes('tokenizer.json') &&
    names.every((name) => exportedNames.has(name)) &&
    (!names.includes('onnx') || (await namesIn(join(folder, 'onnx'))).every((name) => onnxNames.has(name)));
  return isExport ? 'export' : 'taken';
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error.code === 'ENOTDIR'
      ? new LoamError(
          {
            kind: 'misuse',
            where: folder,
            what: 'This is a file, not a folder.',
            remedy: 'Name a folder that is not there yet.',
          },
          { cause: error },
        )
      : error;
  });
}

/**
 * An export replaces the folder it is given, so that folder must hold nothing else, and nothing that a project lives on.
 * @throws LoamError otherwise
 */
export async function requireFreeFolder(folder: string, replace: boolean): Promise<void> {
  requireNotProjectsOwn(folder);
  const occupied = await occupationOf(folder);
  switch (occupied) {
    case 'free':
      return;
    case 'export':
      if (replace) return;
      throw new LoamError({
        kind: 'misuse',
        where: folder,
        what: 'There is an exported model in this folder already.',
        remedy: 'Have it replaced, or name another folder.',
      });
    case 'taken':
      throw new LoamError({
        kind: 'misuse',
        where: folder,
        what: 'The folder is not empty. What is in it is no export and would be lost.',
        remedy: 'Name a folder that is empty or not there yet.',
      });
    default:
      occupied satisfies never;
  }
}

/** @throws LoamError for a folder among those in which a project keeps its texts, runs and models. */
function requireNotProjectsOwn(folder: string): void {
  const target = resolve(folder);
  for (let above = dirname(target); ; above = dirname(above)) {
    const [part = ''] = relative(above, target).split(sep);
    if (projectsOwn.has(part) && existsSync(join(above, 'loam.sqlite')))
      throw new LoamError({
        kind: 'misuse',
        where: folder,
        what: `The project itself lives in its folder ${part}.`,
        remedy: 'Name a folder outside of the project, or one in its exports.',
      });
    if (dirname(above) === above) return;
  }
}
