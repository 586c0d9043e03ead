import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { freeName, nameFrom } from '../../../shared/names.ts';
import { writeFileAtomically } from '../../llm/files/atomic-file.ts';
import { copyFileAtomically } from '../../llm/files/copy-file.ts';
import type { FileDigest } from '../../llm/files/file-digest.ts';
import { isModelFile, requireIntactFolder, writeManifest } from '../../llm/files/manifest.ts';
import { writeFolderAtomically } from '../../llm/files/atomic-folder.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { listTextConventions } from '../../llm/checkpoints/text-conventions.ts';
import { requireMakerMark } from '../../llm/files/maker-mark.ts';
import { describeGguf } from '../../llm/checkpoints/gguf/describe-gguf.ts';
import { ggufFile } from '../../llm/checkpoints/weight-files.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { countParameters } from '../../llm/models/registry.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { folderBytes } from '../durable-files.ts';
import { requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { findImportedModel, insertImportedModel, listImportedModels } from '../store/imported-models.ts';

export interface ImportModelOptions {
  /** A model folder in Hugging Face's form, or a GGUF file. */
  readonly folder: string;
  /** Default: the folder's name, made valid, with a number when it is taken. */
  readonly name?: string | undefined;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** The files that make a model besides its text conventions; what else lies in its folder (training state, other formats, readmes) stays there. */
const modelFile = /^config\.json$|\.safetensors$|^model\.safetensors\.index\.json$|^model\.gguf$/;

/**
 * Copies a model into the project's models/, so that it stays when the folder goes. The folder is opened first and the copy
 * is opened again before it counts.
 * @returns its name, and what of its files is read as something else than they say.
 * @throws LoamError when it is no model that Loam can run, or the name is taken
 */
export async function importModel(
  project: Project,
  { folder, name: wanted, onProgress, signal }: ImportModelOptions,
): Promise<{ readonly name: string; readonly notes: readonly string[] }> {
  project.store.requireWritable();
  const origin = resolve(folder);
  const parts = await partsOf(origin);
  const name = wanted ?? nameFor(project, basename(origin).replace(/\.gguf$/i, ''));
  requireValidName('model', name);
  if (findImportedModel(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'misuse',
      where: `model '${name}'`,
      what: 'There is a model of this name already.',
      remedy: 'Choose another name.',
    });
  const sizes = await Promise.all([...parts.files.values()].map(async (file) => (await stat(file)).size));
  const total = Math.max(
    1,
    sizes.reduce((a, b) => a + b, 0),
  );
  const target = project.paths.model(name);
  let checked: Awaited<ReturnType<typeof check>> | undefined;
  const fill = async (temporary: string): Promise<void> => {
    let done = 0;
    const copied = new Map<string, FileDigest>();
    for (const [file, source] of parts.files) {
      if (signal?.aborted === true)
        throw new LoamError({
          kind: 'interrupted',
          what: 'The import was stopped.',
          remedy: 'Nothing was kept; start it again.',
        });
      await makeFolder(dirname(join(temporary, file)));
      const digest = await copyFileAtomically(source, join(temporary, file), {
        onBytes: (bytes) => onProgress?.({ done: (done += bytes), total }),
      });
      copied.set(file, digest);
    }
    for (const [file, text] of parts.texts)
      copied.set(
        file,
        await writeFileAtomically(join(temporary, file), (target) => target.write(Buffer.from(text))),
      );
    const provenance = await copyProvenance(origin, temporary);
    if (provenance !== undefined) copied.set(provenanceFile, provenance);
    await writeManifest(temporary, copied);
    checked = await check(temporary);
  };
  await writeFolderAtomically(target, fill, { requireReplaceable: requireMakerMark });
  if (checked === undefined) throw new Error('The folder was written without being checked.');
  const { shape, notes } = checked;
  insertImportedModel(project.store, {
    name,
    label: null,
    origin,
    bytes: await folderBytes(target),
    style: modelDeclarationOf(shape).modelType(shape),
    tasksJson: JSON.stringify(tasksOf(shape)),
    parameters: countParameters(shape),
    contextLength: shape.contextLength,
    vocabularySize: shape.vocabularySize,
    createdAt: project.clock().toISOString(),
  });
  return { name, notes };
}

/** What a model is made of. */
interface ModelParts {
  /** Files to copy, by the names that they get. */
  readonly files: ReadonlyMap<string, string>;
  /** Files to write, by their names. */
  readonly texts: ReadonlyMap<string, string>;
}

/** @throws LoamError when it is no model that Loam can run */
async function partsOf(origin: string): Promise<ModelParts> {
  if (await isFile(origin)) {
    if (/\.gguf$/i.test(origin))
      return { files: new Map([[ggufFile, origin]]), texts: await describeGguf(origin) };
    throw new LoamError({
      kind: 'input',
      where: origin,
      what: 'A file of this kind is no whole model.',
      remedy: 'Name a GGUF file, or the folder that holds config.json, the weights and the tokenizer.',
    });
  }
  await check(origin);
  await requireIntactFolder(origin, { concerns: isModelFile });
  const found = (await readdir(origin)).filter((file) => modelFile.test(file));
  // Weights in two forms are one model: those that are read are enough.
  const twice = found.some((file) => file.endsWith('.safetensors'));
  const names = [
    ...found.filter((file) => !twice || file !== ggufFile),
    ...(await listTextConventions(origin)),
  ];
  return { files: new Map(names.map((name) => [name, join(origin, name)])), texts: new Map() };
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (status) => status.isFile(),
    () => false,
  );

/** A checkpoint of Loam says what it was trained on: measurements need to know. */
async function copyProvenance(origin: string, target: string): Promise<FileDigest | undefined> {
  if (!existsSync(join(origin, provenanceFile))) return undefined;
  await mkdir(join(target, 'loam'));
  return copyFileAtomically(join(origin, provenanceFile), join(target, provenanceFile));
}

const provenanceFile = 'loam/provenance.json';

async function check(folder: string) {
  const model = await openModelFolder(folder);
  await model.close();
  return model;
}

function nameFor(project: Project, wish: string): string {
  const taken = new Set(listImportedModels(project.store).map(({ name }) => name));
  return freeName(nameFrom(wish, 'model'), taken);
}
