import {
  deleteDataset,
  importDataset,
  listDatasets,
  showDataset,
} from '../../../studio/datasets/datasets.ts';
import type { Perform, Program } from '../command.ts';
import { formatBytes, formatCount, formatTable, plural } from '../format.ts';

export function addDatasetCommands(program: Program, perform: Perform): void {
  const dataset = program
    .command('dataset')
    .summary('import and look at texts')
    .description('The texts that models learn from.');

  dataset
    .command('import')
    .summary('copy files into the project as a dataset')
    .description(
      'Copies text files into the project, each under the hash of its content, and makes a dataset of them. A folder means all text files in it (.txt, .md, .jsonl); those that turn out to be empty or no text are left out and named. A .jsonl file has a document a line, in its field "text".',
    )
    .argument('<name>', 'what to call the dataset')
    .argument('<file...>', 'files, or folders of text files')
    .option(
      '--replace',
      'let the new dataset take the name of an older one (runs on the older one keep their texts)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  loam dataset import reports reports/*.txt\n  loam dataset import tickets export/',
    )
    .action((name, paths, { replace = false }) =>
      perform(async (context) => {
        const { terminal } = context;
        const { stop } = context.interrupts();
        const leftOut: { readonly name: string; readonly reason: string }[] = [];
        const imported = await importDataset(context.project(), {
          name,
          paths,
          replace,
          signal: stop,
          onLeftOut: (file) => leftOut.push(file),
          onProgress: ({ file, done, total }) => terminal.draw(`${done} of ${total}: ${file}`),
        });
        if (leftOut.length > 0) terminal.warn(describeLeftOut(leftOut));
        const converted = showDataset(context.project(), name).sources.filter(
          ({ encoding }) => encoding !== 'utf-8',
        );
        if (converted.length > 0) terminal.say(describeConverted(converted));
        terminal.result(
          { ...imported, leftOut },
          `Imported ${plural(imported.files, 'file')} (${formatBytes(imported.bytes)}) as dataset ${name}.\nNext: loam train --dataset ${name} --preset nano`,
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
        const rows = details.sources.map((source) => [
          source.name,
          formatBytes(source.bytes),
          source.encoding,
          source.hash.slice(0, 12),
        ]);
        const used = [
          ...details.tokenizers.map((each) => `tokenizer ${each}`),
          ...details.runs.map((each) => `run ${each}`),
        ];
        terminal.result(
          details,
          [
            `${name}: ${plural(details.files, 'file')}, ${formatBytes(details.bytes)}, hash ${details.hash.slice(0, 12)}`,
            formatTable(['file', 'size', 'encoding', 'hash'], rows),
            used.length === 0 ? 'Not used yet.' : `Used by ${used.join(', ')}.`,
          ].join('\n'),
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

const filesNamed = 5;

/** "a, b and 3 more": nobody reads a thousand names. */
function nameSome(names: readonly string[]): string {
  const more = names.length - filesNamed;
  return `${names.slice(0, filesNamed).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function describeLeftOut(files: readonly { readonly name: string; readonly reason: string }[]): string {
  return `Left out ${plural(files.length, 'file')}: ${nameSome(files.map(({ name, reason }) => `${name} (${reason.replace(/\.$/, '')})`))}.`;
}

/** A guessed encoding that is wrong spoils every umlaut, so that a person must hear of it. */
function describeConverted(files: readonly { readonly name: string; readonly encoding: string }[]): string {
  return `${plural(files.length, 'file')} not in UTF-8, read as what the bytes look like: ${nameSome(files.map(({ name, encoding }) => `${name} (${encoding})`))}.`;
}
