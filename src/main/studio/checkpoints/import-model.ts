import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { artefactNameSchema } from '../../../shared/names.ts';
import { writeFolderAtomically } from '../../llm/files/atomic-folder.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { countParameters } from '../../llm/models/gpt/parameters.ts';
import { folderBytes } from '../durable-files.ts';
import { requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { findImportedModel, insertImportedModel, listImportedModels } from '../store/imported-models.ts';

export interface ImportModelOptions {
  /** A model folder in Hugging Face's form. */
  readonly folder: string;
  /** Default: the folder's name, made valid, with a number when it is taken. */
  readonly name?: string | undefined;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** The files that make a model; what else lies in its folder (training state, other formats, readmes) stays there. */
const modelFile =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^merges\.txt$|^chat_template\.jinja$|\.safetensors$|^model\.safetensors\.index\.json$/;

/**
 * Copies a model into the project's models/, so that it stays when the folder goes. The folder is opened first and the copy
 * is opened again before it counts.
 * @throws LoamError when it is no model that Loam can run, or the name is taken
 */
export async function importModel(
  project: Project,
  { folder, name: wanted, onProgress, signal }: ImportModelOptions,
): Promise<{ readonly name: string }> {
  const origin = resolve(folder);
  await check(origin);
  const name = wanted ?? freeName(project, basename(origin));
  requireValidName('model', name);
  if (findImportedModel(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'misuse',
      where: `model '${name}'`,
      what: 'There is a model of this name already.',
      remedy: 'Choose another name.',
    });
  const files = (await readdir(origin)).filter((file) => modelFile.test(file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(origin, file))).size));
  const total = Math.max(
    1,
    sizes.reduce((a, b) => a + b, 0),
  );
  const target = project.paths.model(name);
  let shape: Awaited<ReturnType<typeof check>> | undefined;
  await writeFolderAtomically(target, async (temporary) => {
    let done = 0;
    for (const [index, file] of files.entries()) {
      if (signal?.aborted === true)
        throw new LoamError({
          kind: 'interrupted',
          what: 'The import was stopped.',
          remedy: 'Nothing was kept; start it again.',
        });
      await copyFile(join(origin, file), join(temporary, file));
      done += sizes[index] ?? 0;
      onProgress?.({ done, total });
    }
    await copyProvenance(origin, temporary);
    shape = await check(temporary);
  });
  if (shape === undefined) throw new Error('The folder was written without being checked.');
  insertImportedModel(project.store, {
    name,
    label: null,
    origin,
    bytes: await folderBytes(target),
    style: shape.style,
    parameters: countParameters(shape),
    contextLength: shape.contextLength,
    vocabularySize: shape.vocabularySize,
    createdAt: project.clock().toISOString(),
  });
  return { name };
}

/** A checkpoint of Loam says what it was trained on: measurements need to know. */
async function copyProvenance(origin: string, target: string): Promise<void> {
  const record = join('loam', 'provenance.json');
  if (!existsSync(join(origin, record))) return;
  await mkdir(join(target, 'loam'));
  await copyFile(join(origin, record), join(target, record));
}

async function check(folder: string) {
  const model = await openModelFolder(folder);
  await model.close();
  return model.shape;
}

function freeName(project: Project, wish: string): string {
  const cleaned = wish
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/\.+$/, '')
    .slice(0, 70);
  const base = artefactNameSchema.safeParse(cleaned).success ? cleaned : 'model';
  const taken = new Set(listImportedModels(project.store).map(({ name }) => name));
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  return name;
}
