import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import Papa from 'papaparse';
import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { DatasetExportFormat } from '../../../shared/datasets/export.ts';
import { assertNever, LoamError } from '../../../shared/errors.ts';
import { writeFileAtomically } from '../../llm/files/atomic-file.ts';
import type { Project } from '../projects/projects.ts';
import { contentsOf, requireDataset, requireTexts } from './dataset-rows.ts';
import { columnsOf } from './dataset-version.ts';
import { ensureDocumentIndex } from './document-indexes.ts';
import { loneTextColumn } from './documents/build-index.ts';
import { openDocumentIndex } from './documents/open-index.ts';
import { applyRecipe } from './documents/recipe-effects.ts';
import { recipeFields } from './documents/recipe-fields.ts';

export interface ExportDatasetOptions {
  /** The file to write; nothing may be there. */
  readonly file: string;
  /** Default: as the file's ending says. */
  readonly format?: DatasetExportFormat;
  readonly signal?: AbortSignal;
}

export interface ExportedDataset {
  readonly file: string;
  readonly format: DatasetExportFormat;
  readonly documents: number;
  readonly bytes: number;
  /** Documents with a line in them that parts documents of a text file: read again, each would be several. */
  readonly parted: number;
  /** Documents whose text a person wrote: the columns that it was made of are left out, since they say what it said before. */
  readonly withheld: number;
}

/** A document after the recipe, and the fields of its record that do not alone make its text. */
interface ExportedDocument {
  readonly text: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The column that holds the document; a field of that name gets a number. */
const textColumn = 'text';
/** Between the documents of a text file; Loam parts them there when it reads one. */
const separator = '<|endoftext|>';
/** UTF-16 units that are written at once. */
const writtenAtOnce = 2 ** 20;

/**
 * Writes the documents of a dataset as its recipe leaves them into a file: as JSON Lines or CSV with the fields of their
 * records, or as text.
 * @throws LoamError when something is there already, the ending says no format, or the texts cannot be read.
 */
export async function exportDataset(
  project: Project,
  name: string,
  { file, format = formatOfFile(file), signal }: ExportDatasetOptions,
): Promise<ExportedDataset> {
  const row = requireDataset(project, name);
  requireTexts(row);
  if (existsSync(file))
    throw new LoamError({
      kind: 'input',
      where: file,
      what: 'There is something of this name already.',
      remedy: 'Choose another name, or move it away first.',
    });
  const contents = contentsOf(project, row);
  const columns = columnsOf(contents.sources);
  const stop = signal === undefined ? {} : { signal };
  const index = openDocumentIndex(await ensureDocumentIndex(project, contents, stop));
  try {
    const { excludedBy, edits } = await applyRecipe(index, contents.recipe, stop);
    const write = writerOf(format, columns, index.description.mapping);
    let documents = 0;
    const fieldsOf = recipeFields(index, contents.recipe);
    let parted = 0;
    let withheld = 0;
    const { bytes } = await writeFileAtomically(file, async (target) => {
      let held = write.before();
      const flush = async (): Promise<void> => {
        await target.write(Buffer.from(held));
        held = '';
      };
      for (let document = 0; document < index.description.documents; document++) {
        signal?.throwIfAborted();
        if (excludedBy[document] !== -1) continue;
        const text = edits.get(document)?.text() ?? index.text(document);
        if (text.trim() === '') continue;
        if (/^<\|endoftext\|>$|\f/m.test(text)) parted += 1;
        const own = fieldsOf(document);
        if (own.withheld) withheld += 1;
        held += write.document({ text, fields: own.fields }, documents);
        documents += 1;
        if (held.length >= writtenAtOnce) await flush();
      }
      await flush();
    });
    return {
      file,
      format,
      documents,
      bytes,
      parted: format === 'text' ? parted : 0,
      withheld: format === 'text' ? 0 : withheld,
    };
  } finally {
    index.close();
  }
}

/** A free name for an export of a dataset, in the project's folder of exports. */
export async function freeExportFile(
  project: Project,
  name: string,
  format: DatasetExportFormat,
): Promise<string> {
  const ending = { jsonl: '.jsonl', csv: '.csv', text: '.txt' }[format];
  const at = (count: number): string =>
    join(project.paths.exports, `${name}${count === 1 ? '' : `-${count}`}${ending}`);
  let count = 1;
  while (existsSync(at(count))) count += 1;
  await mkdir(dirname(at(count)), { recursive: true });
  return at(count);
}

function formatOfFile(file: string): DatasetExportFormat {
  switch (extname(file).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return 'jsonl';
    case '.csv':
      return 'csv';
    case '.txt':
    case '.md':
      return 'text';
    default:
      throw new LoamError({
        kind: 'misuse',
        where: file,
        what: 'The ending of the file does not say what is to be written.',
        remedy: 'End its name in .jsonl, .csv or .txt, or say the format.',
      });
  }
}

interface DocumentWriter {
  before(): string;
  document(document: ExportedDocument, number: number): string;
}

function writerOf(
  format: DatasetExportFormat,
  columns: readonly string[],
  mapping: ColumnMapping,
): DocumentWriter {
  const nameBeside = namesBeside(columns);
  switch (format) {
    case 'jsonl':
      return {
        before: () => '',
        document: ({ text, fields }) =>
          `${JSON.stringify(Object.fromEntries([[textColumn, text], ...[...fields].map(([name, value]) => [nameBeside(name), value])]))}\n`,
      };
    case 'csv': {
      const alone = loneTextColumn(mapping);
      const others = columns.filter((column) => column !== alone);
      const line = (values: readonly string[]): string =>
        `${Papa.unparse([[...values]], { newline: '\r\n' })}\r\n`;
      return {
        before: () => line([textColumn, ...others.map((column) => nameBeside(column))]),
        document: ({ text, fields }) => line([text, ...others.map((column) => fields.get(column) ?? '')]),
      };
    }
    case 'text':
      return {
        before: () => '',
        document: ({ text }, number) =>
          `${number === 0 ? '' : `${separator}\n`}${text}${text.endsWith('\n') ? '' : '\n'}`,
      };
    default:
      return assertNever(format);
  }
}

/** What fields are called beside the document's text: one of that name gets the first number that no other has. */
function namesBeside(columns: readonly string[]): (field: string) => string {
  let number = 2;
  while (columns.includes(`${textColumn} (${number})`)) number += 1;
  return (field) => (field === textColumn ? `${textColumn} (${number})` : field);
}
