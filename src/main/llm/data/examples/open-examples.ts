import path from 'node:path';
import { findFileFault, readManifest } from '../../files/manifest.ts';
import { readIndex } from '../read-index.ts';
import { damaged } from '../token-sequence.ts';
import {
  exampleIndexSchema,
  exampleIndexVersion,
  type ExampleColumn,
  type ExampleIndex,
  type ExamplePart,
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
  const manifest = await readManifest(folder);
  // It has the hashes of the files, which the index does not repeat.
  if (manifest === undefined) throw damaged(folder, 'It has no list of its files’ hashes.');
  for (const [name, digest] of manifest)
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
  return readIndex(folder, {
    schema: exampleIndexSchema,
    version: exampleIndexVersion,
    holds: 'examples',
    contradiction: (index) =>
      index.form === form
        ? Object.entries(index.parts)
            .flatMap(([name, part]) => index.columns.map((column) => missing(name, column, part)))
            .find((each) => each !== undefined)
        : `The examples are of the form ${index.form}, not ${form}.`,
  });
}

/** A column must be there, with the ends of its examples where they differ in length. */
function missing(
  name: string,
  { name: column, values }: ExampleColumn,
  part: ExamplePart,
): string | undefined {
  const stored = part.columns[column];
  return stored !== undefined && (values === 'many') === (stored.ends !== undefined)
    ? undefined
    : `The part ${name} lacks the column ${column}.`;
}
