import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { LoamError } from '../../../../shared/errors.ts';
import { documentsForSplit } from '../../../../shared/datasets/document.ts';
import { writeJsonAtomically } from '../../files/atomic-file.ts';
import type { FileDigest } from '../../files/file-digest.ts';
import { fileError } from '../../files/file-errors.ts';
import { unfinishedIn } from '../../files/leftovers.ts';
import { writeManifest } from '../../files/manifest.ts';
import { removeOwned } from '../../files/owned-files.ts';
import { finished, partialPath } from '../../files/unfinished-names.ts';
import { isValidationDocument, validationDocuments } from '../document-split.ts';
import { publishFolder } from '../publish-folder.ts';
import { bytesPerToken, tokenDtype } from '../token-index.ts';
import {
  exampleIndexVersion,
  type ExampleColumn,
  type ExampleIndex,
  type ExamplePart,
} from './example-index.ts';
import { readExampleIndex } from './open-examples.ts';
import { openPart } from './open-part.ts';
import { createPartWriter, type PartWriter } from './write-part.ts';

/** Where the examples of documents go, one after another. */
export interface ExampleSink {
  /** Adds values to a column of the example under way. */
  append(column: string, values: ArrayLike<number>): Promise<void>;
  /** Ends the example under way. @param bytes UTF-8 bytes of its text */
  endExample(bytes: number): Promise<void>;
}

export interface WriteExamplesOptions {
  /** The folder to make. It appears whole or not at all. */
  readonly folder: string;
  /** What the examples are of, with a version. */
  readonly form: string;
  readonly tokenizerHash: string;
  readonly labels?: readonly string[];
  /** The first holds the text. */
  readonly columns: readonly ExampleColumn[];
  readonly split: {
    readonly mode: 'auto' | 'document' | 'position';
    /** Share of the examples kept aside. Between 0 and 1, both excluded. */
    readonly validationFraction: number;
    readonly seed: number;
  };
  readonly signal?: AbortSignal;
}

const copiedValues = 2 ** 16;

/**
 * Writes examples of any length, and keeps some of them aside by their number, as whole documents are kept aside.
 * @param fill gives the examples, and what of the documents is not among them, in sentences
 * @throws LoamError when there are fewer than two, the disk refuses, the folder is taken, or on `signal`
 */
export async function writeExamples(
  options: WriteExamplesOptions,
  fill: (sink: ExampleSink) => Promise<{ readonly notes: readonly string[] }>,
): Promise<ExampleIndex> {
  const { folder, split, signal } = options;
  if (split.mode === 'position')
    throw new LoamError({
      kind: 'input',
      where: 'data.split',
      what: 'By position a text would be cut in two, and each of these examples is a whole text.',
      remedy: 'Set data.split to document or auto.',
    });
  const temporary = partialPath(folder);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(temporary);
    const index = await writeParts(temporary, { ...options, requested: split.mode }, fill);
    const indexFile = await writeJsonAtomically(path.join(temporary, 'index.json'), index);
    await writeManifest(temporary, new Map([...digestsOf(index), ['index.json', indexFile]]));
    return await publishFolder(temporary, folder, index, (there) => readExampleIndex(there, options.form));
  } catch (error) {
    throw signal?.aborted === true ? interrupted(error) : fileError(error, folder);
  } finally {
    await removeOwned(unfinishedIn(path.dirname(folder)), temporary);
    finished(temporary);
  }
}

/**
 * Until the twentieth example it is not clear how many there will be, so that the first ones are staged; from then on each
 * goes where it belongs.
 */
async function writeParts(
  folder: string,
  options: WriteExamplesOptions & { readonly requested: 'auto' | 'document' },
  fill: (sink: ExampleSink) => Promise<{ readonly notes: readonly string[] }>,
): Promise<ExampleIndex> {
  const { columns, form, tokenizerHash, labels, requested, signal } = options;
  const { validationFraction, seed } = options.split;
  const writerOf = (name: string): PartWriter => createPartWriter(folder, name, columns);
  const [staged, train, validation] = [writerOf('staged'), writerOf('train'), writerOf('validation')];
  const stagedBytes: number[] = [];
  let target: PartWriter = staged;
  let isStaging = true;
  let examples = 0;
  const isKept = (example: number): boolean => isValidationDocument(example, validationFraction, seed);
  const partOf = (kept: boolean): PartWriter => (kept ? validation : train);

  const sink: ExampleSink = {
    append: (column, values) => target.append(column, values),
    async endExample(bytes) {
      signal?.throwIfAborted();
      await target.endExample(bytes);
      if (isStaging) stagedBytes.push(bytes);
      examples += 1;
      if (isStaging && examples === documentsForSplit) await distribute(isKept);
      if (!isStaging) target = partOf(isKept(examples));
    },
  };

  async function distribute(kept: (example: number) => boolean): Promise<void> {
    isStaging = false;
    const written = openPart(folder, columns, await staged.finish());
    try {
      for (const [example, bytes] of stagedBytes.entries()) {
        const part = partOf(kept(example));
        for (const { name } of columns) {
          const values = written.read(name, example);
          for (let start = 0; start < values.length; start += copiedValues)
            await part.append(name, values.subarray(start, start + copiedValues));
        }
        await part.endExample(bytes);
      }
    } finally {
      written.close();
    }
  }

  try {
    const { notes } = await fill(sink);
    if (examples < 2) throw tooFew(examples, notes);
    if (isStaging) {
      const kept = validationDocuments(examples, validationFraction, seed);
      await distribute((example) => kept.has(example));
    }
    const parts = { train: await train.finish(), validation: await validation.finish() };
    for (const { file } of filesOf(columns, await staged.finish()))
      await removeOwned(unfinishedIn(path.dirname(folder)), path.join(folder, file));
    return {
      format: 'loam-examples',
      version: exampleIndexVersion,
      form,
      byteOrder: 'little-endian',
      tokenizerHash,
      ...(labels === undefined ? {} : { labels: [...labels] }),
      notes: [...notes],
      split: { requested, validationFraction, seed },
      columns: [...columns],
      parts,
    };
  } finally {
    for (const writer of [staged, train, validation]) await writer.abandon();
  }
}

/** The files of a part, with the bytes that each integer takes. */
function filesOf(columns: readonly ExampleColumn[], part: ExamplePart) {
  return columns.flatMap(({ name, below }) => {
    const { values, ends = [] } = part.columns[name]!;
    return [
      ...values.map((shard) => ({ ...shard, width: bytesPerToken(tokenDtype(below)) })),
      ...ends.map((shard) => ({ ...shard, width: bytesPerToken('uint32') })),
    ];
  });
}

function digestsOf({ columns, parts }: ExampleIndex): readonly (readonly [string, FileDigest])[] {
  return Object.values(parts)
    .flatMap((part) => filesOf(columns, part))
    .map(({ file, tokens, width, sha256 }) => [file, { bytes: tokens * width, sha256 }]);
}

function tooFew(examples: number, notes: readonly string[]): LoamError {
  return new LoamError({
    kind: 'input',
    what: [
      examples === 0 ? 'There are no examples in the data.' : 'There is only one example in the data.',
      ...notes,
    ].join(' '),
    remedy: 'At least two are needed, one of them to measure with. Import more.',
  });
}

function interrupted(cause: unknown): LoamError {
  return new LoamError(
    {
      kind: 'interrupted',
      what: 'Turning the texts into examples was stopped.',
      remedy: 'Start again when you like; nothing is left half done.',
    },
    { cause },
  );
}
