import { once } from 'node:events';
import { resolve } from 'node:path';
import {
  columnRoles,
  mappingOf,
  type ColumnMapping,
  type ColumnRole,
} from '../../../../shared/datasets/columns.ts';
import { tableDelimiters, tableQuotings, type TableDelimiter } from '../../../../shared/datasets/dataset.ts';
import { datasetExportFormats } from '../../../../shared/datasets/export.ts';
import { textEncodings, type TextEncodingName } from '../../../../shared/datasets/encodings.ts';
import type { RecipeStep } from '../../../../shared/datasets/recipe.ts';
import { assertNever, LoamError } from '../../../../shared/errors.ts';
import { nearestWord } from '../../../../shared/nearest-word.ts';
import { datasetDocuments } from '../../../studio/datasets/dataset-documents.ts';
import { contentsOf, readDatasetVersion } from '../../../studio/datasets/dataset-rows.ts';
import { exportDataset } from '../../../studio/datasets/export-dataset.ts';
import {
  deleteDataset,
  importDataset,
  listDatasets,
  requireDataset,
  showDataset,
} from '../../../studio/datasets/datasets.ts';
import { Option } from '@commander-js/extra-typings';
import type { Perform, Program } from '../command.ts';
import { formatBytes, formatCount, formatTable, plural, shellWord } from '../format.ts';

export function addDatasetCommands(program: Program, perform: Perform): void {
  const dataset = program
    .command('dataset')
    .summary('import and look at texts')
    .description('The texts that models learn from.');

  dataset
    .command('import')
    .summary('copy files into the project as a dataset')
    .description(
      'Copies files into the project, each under the hash of its content, and makes a dataset of them. A folder means all files in it whose endings Loam reads (.txt, .md, .csv, .tsv, .json, .jsonl); those that turn out to be empty or no text are left out and named. A table has a document a row, a JSON list one an element, JSON Lines one a line; which column or field is the text is guessed from the names and told, or said with --map. A column with the role label is kept beside the document; an instruction, its input and its output become one text.',
    )
    .argument('<name>', 'what to call the dataset')
    .argument('<file...>', 'files, or folders of text files')
    .option(
      '--replace',
      'let the new dataset take the name of an older one (runs on the older one keep their texts)',
    )
    .option('--append', 'add the files to the dataset of this name; its recipe acts on them too')
    .option(
      '--map <column=role>',
      `what a column is for: ${columnRoles.join(', ')}; columns that are not named are ignored (can be repeated)`,
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .option('--in-place', 'leave the files where they are; they are hashed again before each use')
    .option('--header', 'the first row of a table names its columns (default: as it looks)')
    .option('--no-header', 'the first row of a table is a record like the others')
    .option(
      '--separator <character>',
      'what divides the columns of tables: a comma, ";", "|" or tab (default: as each looks)',
      parseSeparator,
    )
    .addOption(
      new Option(
        '--quoting <how>',
        'whether values of tables stand within double quotes, or quotes are characters like any other (default: as each looks)',
      ).choices(tableQuotings),
    )
    .option(
      '--encoding <name>',
      'the encoding of the files, such as windows-1252 or shift_jis (default: as each looks)',
      parseEncoding,
    )
    .option(
      '--records <key>',
      'of a JSON file that is an object: the key of its list of records, or the keys to it with dots between',
    )
    .option('--leave-out-bad-records', 'import what can be read of a file with broken rows or lines')
    .addHelpText(
      'after',
      '\nExamples:\n  loam dataset import reports reports/*.txt\n  loam dataset import tickets tickets.csv --map description=text --map category=label',
    )
    .action((name, paths, options) =>
      perform(async (context) => {
        const { terminal } = context;
        const { stop } = context.interrupts();
        const leftOut: { readonly name: string; readonly reason: string }[] = [];
        const imported = await importDataset(context.project(), {
          name,
          paths,
          replace: options.replace ?? false,
          append: options.append ?? false,
          keepInPlace: options.inPlace ?? false,
          leaveOutBadRecords: options.leaveOutBadRecords ?? false,
          choices: {
            headings: options.header,
            delimiter: options.separator,
            quoting: options.quoting,
            encoding: options.encoding,
            list: options.records,
          },
          ...(options.map.length === 0 ? {} : { columns: parseMapping(options.map) }),
          signal: stop,
          onLeftOut: (file) => leftOut.push(file),
          onNotice: (notice) => terminal.warn(notice),
          onProgress: ({ file, done, total }) => terminal.draw(`${done} of ${total}: ${file}`),
        });
        if (leftOut.length > 0) terminal.warn(describeLeftOut(leftOut));
        const { sources, columns } = showDataset(context.project(), name);
        const converted = sources.filter(({ encoding }) => encoding !== 'utf-8');
        if (columns.length > 0) terminal.say(`Columns: ${describeColumns(columns)}.`);
        if (converted.length > 0) terminal.say(describeConverted(converted, options.encoding !== undefined));
        terminal.result(
          { ...imported, leftOut },
          `Imported ${plural(imported.files, 'file')} (${formatBytes(imported.bytes)}) as dataset ${name}.\nNext: loam train --dataset ${shellWord(name)} --preset nano`,
        );
      }),
    );

  dataset
    .command('list')
    .summary('list the datasets')
    .action(() =>
      perform(({ terminal, project }) => {
        const datasets = listDatasets(project());
        const rows = datasets.map(({ name, files, bytes, createdAt }) => [
          name,
          plural(files, 'file'),
          formatBytes(bytes),
          createdAt.slice(0, 16).replace('T', ' '),
        ]);
        terminal.result(
          datasets,
          datasets.length === 0
            ? 'No datasets yet. Import one: loam dataset import NAME FILE...'
            : formatTable(['name', 'files', 'size', 'imported'], rows),
        );
      }),
    );

  dataset
    .command('show')
    .summary('show a dataset and its files')
    .argument('<name>')
    .action((name) =>
      perform(({ terminal, project }) => {
        const details = showDataset(project(), name);
        const { recipe } = contentsOf(project(), requireDataset(project(), name));
        const rows = details.sources.map((source) => [
          source.name,
          formatBytes(source.bytes),
          source.format,
          source.encoding,
          source.keptAt ?? source.hash.slice(0, 12),
        ]);
        const used = [
          ...details.tokenizers.map((each) => `tokenizer ${each}`),
          ...details.runs.map((each) => `run ${each}`),
        ];
        terminal.result(
          { ...details, recipe },
          [
            `${name}: ${plural(details.files, 'file')}, ${formatBytes(details.bytes)}, hash ${details.hash.slice(0, 12)}`,
            formatTable(['file', 'size', 'format', 'encoding', 'hash or place'], rows),
            ...(details.columns.length === 0 ? [] : [`Columns: ${describeColumns(details.columns)}.`]),
            ...(recipe.length === 0
              ? []
              : ['Recipe:', ...recipe.map((step, index) => `  ${index + 1}. ${describeStep(step)}`)]),
            used.length === 0 ? 'Not used yet.' : `Used by ${used.join(', ')}.`,
          ].join('\n'),
        );
      }),
    );

  dataset
    .command('documents')
    .summary('print the documents that training reads')
    .description(
      'Prints the documents of a dataset after its recipe, in order, just as tokenizers and models read them: with --json a JSON string a line, else as text with a line <|endoftext|> between them.',
    )
    .argument('<name>')
    .action((name) =>
      perform(async ({ terminal, project, interrupts }) => {
        const { stop } = interrupts();
        const version = readDatasetVersion(project(), requireDataset(project(), name).id);
        const parts: string[] = [];
        let printed = 0;
        for await (const { text, continues } of datasetDocuments(project(), version, { signal: stop })) {
          stop.throwIfAborted();
          parts.push(text);
          if (continues) continue;
          const document = parts.join('');
          parts.length = 0;
          terminal.record(document);
          terminal.stream(
            `${printed === 0 ? '' : '<|endoftext|>\n'}${document}${document.endsWith('\n') ? '' : '\n'}`,
          );
          printed += 1;
          // A large dataset must not pile up in memory when it is read slowly.
          if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
        }
      }),
    );

  dataset
    .command('export')
    .summary('write the documents into a file')
    .description(
      'Writes the documents of a dataset as its recipe leaves them: as JSON Lines (.jsonl) or CSV (.csv) with the text and the fields of each record, or as text (.txt) with a line <|endoftext|> between documents. Nothing that is there is overwritten.',
    )
    .argument('<name>')
    .requiredOption('--out <file>', 'the file to write')
    .addOption(
      new Option('--format <format>', 'what to write (default: as the ending says)').choices(
        datasetExportFormats,
      ),
    )
    .action((name, { out, format }) =>
      perform(async ({ terminal, project, interrupts }) => {
        const { stop } = interrupts();
        const exported = await exportDataset(project(), name, {
          file: resolve(out),
          ...(format === undefined ? {} : { format }),
          signal: stop,
        });
        if (exported.withheld > 0)
          terminal.warn(
            `${plural(exported.withheld, 'document')} with a text that was written by hand: the columns that it was made of are left out, since they say what it said before.`,
          );
        if (exported.parted > 0)
          terminal.warn(
            `${plural(exported.parted, 'document')} with a form feed or a line <|endoftext|>: read from this file, each would be several. JSON Lines keep them whole.`,
          );
        terminal.result(
          exported,
          `Wrote ${plural(exported.documents, 'document')} (${formatBytes(exported.bytes)}) to ${exported.file}.`,
        );
      }),
    );

  dataset
    .command('delete')
    .summary('delete a dataset that nothing was made from')
    .argument('<name>')
    .action((name) =>
      perform(async ({ terminal, project }) => {
        const deleted = await deleteDataset(project(), name);
        terminal.result(
          { name, ...deleted },
          `Deleted dataset ${name}; ${formatBytes(deleted.freedBytes)} freed.`,
        );
      }),
    );
}

function parseSeparator(word: string): TableDelimiter {
  const separator = word === 'tab' || word === '\\t' ? '\t' : word;
  const known = tableDelimiters.find((each) => each === separator);
  if (known === undefined)
    throw new LoamError({
      kind: 'misuse',
      where: `--separator ${word}`,
      what: 'Columns cannot be divided by that.',
      remedy: 'It is one of: , ; | tab.',
    });
  return known;
}

function parseEncoding(word: string): TextEncodingName {
  const known = textEncodings.find((each) => each === encodingCalled(word));
  if (known === undefined) {
    const near = nearestWord(word.toLowerCase(), textEncodings);
    throw new LoamError({
      kind: 'misuse',
      where: `--encoding ${word}`,
      what: 'There is no such encoding, or Loam does not read it.',
      remedy: `${near === undefined ? '' : `Did you mean ${near}? `}There are: ${textEncodings.join(', ')}.`,
    });
  }
  return known;
}

/** The name in the Encoding Standard, which also knows others: latin1, cp1252, sjis. */
function encodingCalled(word: string): string {
  try {
    return new TextDecoder(word.replace(/^cp(?=125\d$)/i, 'windows-')).encoding;
  } catch {
    return word.toLowerCase();
  }
}

function parseMapping(words: readonly string[]): ColumnMapping {
  const roles: readonly string[] = columnRoles;
  return mappingOf(
    words.map((word) => {
      const cut = word.lastIndexOf('=');
      const role = word.slice(cut + 1);
      if (cut <= 0 || !isRole(role)) {
        const near = nearestWord(role, roles);
        throw new LoamError({
          kind: 'misuse',
          where: `--map ${word}`,
          what: cut <= 0 ? 'A role is given as column=role.' : `There is no role '${role}'.`,
          remedy: near === undefined ? `The roles are ${roles.join(', ')}.` : `Did you mean '${near}'?`,
        });
      }
      return [word.slice(0, cut), role] as const;
    }),
  );
}

function isRole(word: string): word is ColumnRole {
  return (columnRoles as readonly string[]).includes(word);
}

function describeColumns(columns: readonly { readonly name: string; readonly role: ColumnRole }[]): string {
  const used = columns
    .filter(({ role }) => role !== 'ignored')
    .map(({ name, role }) => `${shortened(name)} is ${role}`);
  const ignored = columns.filter(({ role }) => role === 'ignored').map(({ name }) => name);
  return [...used, ...(ignored.length === 0 ? [] : [`${nameSome(ignored)} ignored`])].join(', ');
}

/** A step of a recipe in words. */
function describeStep(step: RecipeStep): string {
  switch (step.kind) {
    case 'mapColumns':
      return `columns: ${describeColumns(Object.entries(step.columns).map(([name, role]) => ({ name, role })))}`;
    case 'excludeDocuments':
      return `leave out ${plural(step.keys.length, 'document')}`;
    case 'includeDocuments':
      return `take back ${plural(step.keys.length, 'document')}`;
    case 'excludeDuplicates':
      return 'leave out copies of earlier documents';
    case 'excludeEmpty':
      return 'leave out empty documents';
    case 'excludeShorter':
      return `leave out documents of fewer than ${plural(step.characters, 'character')}`;
    case 'excludeLonger':
      return `leave out documents of more than ${plural(step.characters, 'character')}`;
    case 'excludeContaining':
      return `leave out documents that contain ${JSON.stringify(step.text)}${step.matchCase ? ', in this case' : ''}`;
    case 'excludeLanguages':
      return `keep only documents in ${step.keep.join(', ')}${step.keepUnknown ? ', or too short to tell' : ''}`;
    case 'excludeSuspicious':
      return 'leave out documents that look wrongly encoded';
    case 'editDocument':
      return `edit document ${step.key}`;
    case 'replaceText':
      return `replace ${step.expression ? `/${step.text}/` : JSON.stringify(step.text)} by ${JSON.stringify(step.by)}${step.matchCase ? ', in this case' : ''}`;
    case 'maskPersonalData':
      return `mask ${[...step.what, ...(step.names.length > 0 ? [plural(step.names.length, 'name')] : [])].join(', ')}`;
    default:
      return assertNever(step);
  }
}

const filesNamed = 5;
const longestNameShown = 300;

/** A name as it can be read: a file may call a column by a megabyte. */
function shortened(name: string): string {
  return name.length <= longestNameShown ? name : `${name.slice(0, longestNameShown)}…`;
}

/** "a, b and 3 more": nobody reads a thousand names. */
function nameSome(names: readonly string[]): string {
  const more = names.length - filesNamed;
  return `${names.slice(0, filesNamed).map(shortened).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function describeLeftOut(files: readonly { readonly name: string; readonly reason: string }[]): string {
  return `Left out ${plural(files.length, 'file')}: ${nameSome(files.map(({ name, reason }) => `${name} (${reason.replace(/\.$/, '')})`))}.`;
}

/** A guessed encoding that is wrong spoils every umlaut, so that a person must hear of it. */
function describeConverted(
  files: readonly { readonly name: string; readonly encoding: string }[],
  chosen: boolean,
): string {
  const named = nameSome(files.map(({ name, encoding }) => `${name} (${encoding})`));
  return chosen
    ? `${plural(files.length, 'file')} read in the encoding that you chose: ${named}.`
    : `${plural(files.length, 'file')} not in UTF-8, read as what the bytes look like: ${named}. If letters come out wrong, choose another: --encoding NAME.`;
}
