import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LoamError } from '../../src/shared/errors.ts';
import { fileError } from '../../src/main/llm/files/file-errors.ts';
import { makeFolder } from '../../src/main/llm/files/make-folder.ts';
import { passages } from './passages/passages.ts';
import { questions } from './questions.ts';
import { sampleDocuments, sampleSeed } from './sample-documents.ts';
import { ticketColumns, tickets } from './tickets.ts';
import { createWorld } from './world.ts';

const passageCount = 1200;

/**
 * Writes the sample data into a folder, in the forms in which an analyst meets her own: free text (documents/*.txt),
 * tickets with a category (tickets.csv), questions with answers (questions.jsonl) and passages in two languages
 * (passages.tsv, English and German). Always the same bytes.
 * @returns the paths of the files, the texts first, in order.
 * @throws LoamError when there is another file under one of the names, before anything is written; when the folder cannot
 *   be written.
 */
export async function writeSamples(folder: string): Promise<readonly string[]> {
  const world = createWorld(sampleSeed);
  const files = [
    ...sampleDocuments().map(({ name, text }) => ({ name: path.join('documents', name), text })),
    {
      name: 'tickets.csv',
      text: toCsv([
        ticketColumns,
        ...tickets(world).map((ticket) => ticketColumns.map((column) => ticket[column])),
      ]),
    },
    {
      name: 'questions.jsonl',
      text: questions(world)
        .map((pair) => `${JSON.stringify(pair)}\n`)
        .join(''),
    },
    {
      name: 'passages.tsv',
      text:
        [
          'english\tgerman',
          ...passages(passageCount, sampleSeed).map(({ english, german }) => `${english}\t${german}`),
        ].join('\n') + '\n',
    },
  ];
  try {
    for (const { name, text } of files) await requireSampleOrNothing(path.join(folder, name), text);
    await makeFolder(path.join(folder, 'documents'));
    for (const { name, text } of files) await writeFile(path.join(folder, name), text);
  } catch (error) {
    throw fileError(error, folder);
  }
  return files.map(({ name }) => path.join(folder, name));
}

/** @throws LoamError for a file that is not this sample, or the beginning of it that a killed process wrote */
async function requireSampleOrNothing(file: string, text: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (!text.startsWith(found))
    throw new LoamError({
      kind: 'input',
      where: file,
      what: 'There is another file of this name here already.',
      remedy: 'Nothing was written. Move it away, or choose another folder.',
    });
}

/** RFC 4180, with "\n" line ends. */
function toCsv(rows: readonly (readonly string[])[]): string {
  const quote = (value: string): string =>
    /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
}
