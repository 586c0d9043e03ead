import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LoamError } from '../../../../shared/errors.ts';
import { fileError } from '../../files/file-errors.ts';
import { findFileFault, readManifest } from '../../files/manifest.ts';
import { damaged } from '../token-sequence.ts';
import {
  exampleIndexSchema,
  exampleIndexVersion,
  type ExampleColumn,
  type ExampleIndex,
} from './example-index.ts';
import { openPart, type ExampleSplit } from './open-part.ts';

/** Examples on disk, open for reading. */
export interface ExampleDataset {
  readonly index: ExampleIndex;
  readonly train: ExampleSplit;
  readonly validation: ExampleSplit;
  close(): void;
}

/**
 * Opens a folder that `writeExamples` wrote, after every file was compared with its hash.
 * @param form what the examples must be of
 * @throws LoamError when a file is missing, damaged, of a newer version or of another form
 */
export async function openExamples(folder: string, form: string): Promise<ExampleDataset> {
  const index = await readExampleIndex(folder, form);
  for (const [name, digest] of (await readManifest(folder)) ?? [])
    if ((await findFileFault(folder, name, digest)) !== undefined)
      throw damaged(path.join(folder, name), 'Its contents do not match its hash (SHA-256).');
  const train = openPart(folder, index.columns, index.parts.train);
  try {
    const validation = openPart(folder, index.columns, index.parts.validation);
    return {
      index,
      train,
      validation,
      close: () => {
        train.close();
        validation.close();
      },
    };
  } catch (error) {
    train.close();
    throw error;
  }
}

/**
 * Reads and checks index.json alone.
 * @throws LoamError when it is missing, damaged, of a newer version or of another form
 */
export async function readExampleIndex(folder: string, form: string): Promise<ExampleIndex> {
  const file = path.join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, file);
  });
  const expected = (await readManifest(folder))?.get('index.json');
  if (expected === undefined) throw damaged(file, 'It is not in the list of hashes.');
  if ((await findFileFault(folder, 'index.json', expected)) !== undefined)
    throw damaged(file, 'It does not match its hash (SHA-256).');
  const index = parseIndex(text, file);
  if (index.form !== form) throw damaged(file, `The examples are of the form ${index.form}, not ${form}.`);
  for (const [name, part] of Object.entries(index.parts))
    for (const column of index.columns) requireWhole(file, name, column, part.columns[column.name]);
  return index;
}

function parseIndex(text: string, file: string): ExampleIndex {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(file, 'The index is not JSON.');
  }
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version > exampleIndexVersion)
    throw new LoamError({
      kind: 'input',
      what: `These examples were written by a newer Loam (format ${version}; this one reads ${exampleIndexVersion}).`,
      where: file,
      remedy: 'Update Loam, or delete this folder: the examples are made again from the sources.',
    });
  const parsed = exampleIndexSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(file, `The index is not valid: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

/** A column must be there, with the ends of its examples where they differ in length. */
function requireWhole(
  file: string,
  part: string,
  { name, values }: ExampleColumn,
  stored: ExampleIndex['parts']['train']['columns'][string] | undefined,
): void {
  if (stored === undefined || (values === 'many') !== (stored.ends !== undefined))
    throw damaged(file, `The part ${part} lacks the column ${name}.`);
}
