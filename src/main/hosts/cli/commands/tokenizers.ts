import { text as readAll } from 'node:stream/consumers';
import { Option } from '@commander-js/extra-typings';
import { LoamError } from '../../../../shared/errors.ts';
import { tokenizerConfigurationSchema } from '../../../../shared/runs/configuration.ts';
import {
  deleteTokenizer,
  importTokenizer,
  listTokenizers,
  openTokenizer,
  showTokenizer,
  trainProjectTokenizer,
  type TokenizerProgress,
} from '../../../studio/tokenizers/tokenizers.ts';
import type { Perform, Program } from '../command.ts';
import { formatBytes, formatCount, formatTable, shellWord } from '../format.ts';
import { parsePositiveWholeNumber } from '../option-values.ts';

export function describeTokenizerProgress({ phase, done, total }: TokenizerProgress): string {
  return phase === 'reading'
    ? `Reading text: ${formatBytes(done)}`
    : `Learning tokens: ${formatCount(done)}${total === undefined ? '' : ` of ${formatCount(total)}`}`;
}

export function addTokenizerCommands(program: Program, perform: Perform): void {
  const tokenizer = program
    .command('tokenizer')
    .summary('train and try tokenizers')
    .description('What turns text into tokens and back.');

  tokenizer
    .command('train')
    .summary('learn a tokenizer from a dataset')
    .argument('<name>', 'what to call the tokenizer')
    .requiredOption('--dataset <name>', 'the dataset to learn from')
    .addOption(
      new Option('--kind <kind>', 'bpe learns pieces of words; char makes every character a token')
        .choices(['bpe', 'char'] as const)
        .default('bpe' as const),
    )
    .option(
      '--vocab-size <n>',
      'bpe: number of tokens',
      parsePositiveWholeNumber,
      tokenizerConfigurationSchema.parse({}).vocabularySize,
    )
    .option(
      '--min-frequency <n>',
      'bpe: how often a pair of pieces must occur',
      parsePositiveWholeNumber,
      tokenizerConfigurationSchema.parse({}).minimumFrequency,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  loam tokenizer train words --dataset reports --kind bpe --vocab-size 4096\n  loam tokenizer train letters --dataset reports --kind char',
    )
    .action((name, { dataset, kind, vocabSize, minFrequency }) =>
      perform(async (context) => {
        const { terminal } = context;
        const { stop } = context.interrupts();
        const trained = await trainProjectTokenizer(context.project(), {
          name,
          dataset,
          configuration: { kind, vocabularySize: vocabSize, minimumFrequency: minFrequency },
          signal: stop,
          onProgress: (progress) => terminal.draw(describeTokenizerProgress(progress)),
          onNotice: (notice) => terminal.warn(notice),
        });
        terminal.result(
          trained,
          `Trained tokenizer ${name}: ${formatCount(trained.vocabularySize)} tokens, in ${trained.folder}.\nNext: loam tokenizer encode ${shellWord(name)} "some text", or loam train --dataset ${shellWord(dataset)} --tokenizer ${shellWord(name)} --preset nano`,
        );
      }),
    );

  tokenizer
    .command('import')
    .summary('take over a tokenizer made elsewhere')
    .description(
      "Copies a tokenizer into the project: a Hugging Face tokenizer.json (or a folder with one), or a folder with GPT-2's vocab.json and merges.txt.",
    )
    .argument('<name>', 'what to call the tokenizer')
    .argument('<path>', 'the file or folder')
    .action((name, path) =>
      perform(async ({ terminal, project }) => {
        const imported = await importTokenizer(project(), name, path);
        for (const notice of imported.notices) terminal.warn(notice);
        terminal.result(
          imported,
          `Imported tokenizer ${name}: ${formatCount(imported.vocabularySize)} tokens.`,
        );
      }),
    );

  tokenizer
    .command('encode')
    .summary('print the token ids of a text')
    .description('Prints the token ids of a text, on one line.')
    .argument('<name>')
    .argument('[text]', 'the text (default: standard input)')
    .action((name, text) =>
      perform(async ({ terminal, project }) => {
        const opened = await openTokenizer(project(), name);
        const ids = [...opened.encode(text ?? (await readAll(process.stdin)))];
        terminal.result({ ids, tokens: ids.map((id) => opened.tokenText(id)) }, ids.join(' '));
      }),
    );

  tokenizer
    .command('decode')
    .summary('print the text of token ids')
    .argument('<name>')
    .argument('<id...>', 'token ids')
    .action((name, values) =>
      perform(async ({ terminal, project }) => {
        const opened = await openTokenizer(project(), name);
        const ids = values
          .flatMap((value) => value.split(/[\s,]+/))
          .filter((value) => value !== '')
          .map(Number);
        const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= opened.vocabularySize);
        if (wrong !== undefined)
          throw new LoamError({
            kind: 'misuse',
            where: 'ids',
            what: `There is no such token among the ids given.`,
            remedy: `Ids are whole numbers from 0 to ${opened.vocabularySize - 1}.`,
          });
        const decoded = opened.decode(ids);
        terminal.result({ text: decoded }, decoded);
      }),
    );

  tokenizer
    .command('list')
    .summary('list the tokenizers')
    .action(() =>
      perform(({ terminal, project }) => {
        const tokenizers = listTokenizers(project());
        const rows = tokenizers.map(({ name, kind, vocabularySize, dataset }) => [
          name,
          kind,
          formatCount(vocabularySize),
          dataset ?? 'imported',
        ]);
        terminal.result(
          tokenizers,
          tokenizers.length === 0
            ? 'No tokenizers yet. Train one: loam tokenizer train NAME --dataset D'
            : formatTable(['name', 'kind', 'tokens', 'learned from'], rows),
        );
      }),
    );

  tokenizer
    .command('show')
    .summary('show a tokenizer')
    .argument('<name>')
    .action((name) =>
      perform(({ terminal, project }) => {
        const shown = showTokenizer(project(), name);
        terminal.result(
          shown,
          `${name}: ${shown.kind}, ${formatCount(shown.vocabularySize)} tokens, ${shown.dataset === undefined ? 'imported' : `learned from ${shown.dataset}`}, hash ${shown.hash.slice(0, 12)}\n${shown.folder}`,
        );
      }),
    );

  tokenizer
    .command('delete')
    .summary('delete a tokenizer that no run uses')
    .argument('<name>')
    .action((name) =>
      perform(async ({ terminal, project }) => {
        const deleted = await deleteTokenizer(project(), name);
        terminal.result(
          { name, ...deleted },
          `Deleted tokenizer ${name}; ${formatBytes(deleted.freedBytes)} freed.`,
        );
      }),
    );
}
