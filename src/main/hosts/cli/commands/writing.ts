import type { EngineName } from '../../../../shared/engines/engine.ts';
import { engineOption } from '../engine-option.ts';
import { Option } from '@commander-js/extra-typings';
import { createInterface } from 'node:readline/promises';
import { LoamError } from '../../../../shared/errors.ts';
import type { GenerationSettingsInput } from '../../../../shared/generation/settings.ts';
import { findCheckpoint, type FoundCheckpoint } from '../../../studio/checkpoints/find-checkpoint.ts';
import { openTextGenerator } from '../../../studio/writing/text-generator.ts';
import { beginConversation } from '../conversation.ts';
import { collect, type CommandContext, type Perform, type Program } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatCount } from '../format.ts';
import {
  parseFraction,
  parseNonNegative,
  parsePositive,
  parseSeed,
  parseWholeNumber,
} from '../option-values.ts';

/** The checkpoint that a reference means; a folder is found without a project too. */
export async function requireCheckpoint(
  context: CommandContext,
  reference: string,
): Promise<FoundCheckpoint> {
  return findCheckpoint(context.hasProject() ? context.project() : undefined, reference);
}

interface SamplingOptions {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
  readonly stop: readonly string[];
  readonly seed: number;
}

function settingsOf(options: SamplingOptions): GenerationSettingsInput {
  return {
    maximumTokens: options.maxTokens,
    temperature: options.temperature,
    topK: options.topK,
    topP: options.topP,
    minimumP: options.minP,
    repetitionPenalty: options.repetitionPenalty,
    stop: [...options.stop],
    seed: options.seed,
  };
}

/** How tokens are drawn, by whichever command writes. */
const temperature = new Option(
  '--temperature <t>',
  '0 always takes the likeliest token; 1 draws as the model was trained',
)
  .argParser(parseNonNegative)
  .default(0.8);
const topK = new Option('--top-k <k>', 'draw from the k likeliest tokens only; 0 means all')
  .argParser(parseWholeNumber)
  .default(40);
const topP = new Option('--top-p <p>', 'draw from the likeliest tokens that together have this probability')
  .argParser(parseFraction)
  .default(1);
const minimumP = new Option(
  '--min-p <p>',
  'draw from tokens at least this fraction as likely as the likeliest',
)
  .argParser(parseFraction)
  .default(0);
const repetitionPenalty = new Option(
  '--repetition-penalty <x>',
  'above 1, tokens that occurred become less likely',
)
  .argParser(parsePositive)
  .default(1);
const stop = new Option('--stop <text>', 'end before this text (repeatable)')
  .argParser(collect)
  .default<readonly string[]>([]);
const seed = new Option('--seed <n>', 'start of the random numbers').argParser(parseSeed).default(0);

export function addWritingCommands(program: Program, perform: Perform): void {
  program
    .command('generate')
    .summary('write text with a checkpoint')
    .description(
      'Writes on from a prompt. CHECKPOINT is a run (its best checkpoint), RUN@step, or a model folder. The same seed writes the same text.',
    )
    .argument('<checkpoint>')
    .requiredOption('--prompt <text>', 'the text to go on from; empty for the start of a document')
    .option('--max-tokens <n>', 'tokens to write at most', parseWholeNumber, 200)
    .addOption(temperature)
    .addOption(topK)
    .addOption(topP)
    .addOption(minimumP)
    .addOption(repetitionPenalty)
    .addOption(stop)
    .addOption(seed)
    .addOption(engineOption())
    .addHelpText(
      'after',
      '\nExamples:\n  loam generate nano-1 --prompt "The pump" --max-tokens 100\n  loam generate nano-1@500 --prompt "" --temperature 0\n  loam generate exports/model --prompt "Once" --seed 7',
    )
    .action((reference, options) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts();
        const checkpoint = await requireCheckpoint(context, reference);
        const generator = await openTextGenerator(checkpoint, {
          signal: interrupts.stop,
          ...(options.engine === undefined ? {} : { engine: options.engine }),
        });
        try {
          for (const note of generator.model.notes) terminal.say(note);
          terminal.stream(options.prompt);
          const written = await generator.generate(
            { ...settingsOf(options), prompt: options.prompt },
            { signal: interrupts.stop, onText: (text) => terminal.stream(text) },
          );
          terminal.stream('\n');
          if (terminal.json)
            terminal.result({ checkpoint: checkpoint.label, prompt: options.prompt, ...written }, '');
          if (written.reason === 'cancelled') context.exitWith(exitCodes.interrupted);
        } finally {
          await generator.close();
        }
      }),
    );

  program
    .command('chat')
    .summary('write with a checkpoint, turn by turn')
    .description(
      'Reads lines and lets the model reply to each. A model with a chat template holds a conversation; a model trained on plain text does not answer questions: it continues your text, and an empty line lets it write on. Ctrl-C stops the writing; Ctrl-D or /exit ends.',
    )
    .argument('<checkpoint>')
    .option('--system <text>', 'what a model with a chat template is told before the conversation', '')
    .option('--max-tokens <n>', 'tokens to write at most, each time', parseWholeNumber, 120)
    .addOption(temperature)
    .addOption(topK)
    .addOption(topP)
    .addOption(minimumP)
    .addOption(repetitionPenalty)
    .addOption(stop)
    .addOption(seed)
    .addOption(engineOption())
    .action((reference, options) =>
      perform((context) => chat(context, reference, settingsOf(options), options)),
    );
}

async function chat(
  context: CommandContext,
  reference: string,
  settings: GenerationSettingsInput,
  { engine, system }: { readonly engine?: EngineName | undefined; readonly system: string },
): Promise<void> {
  const { terminal } = context;
  if (terminal.json)
    throw new LoamError({
      kind: 'misuse',
      where: '--json',
      what: 'A chat is for people.',
      remedy: 'Use `loam generate … --json`.',
    });
  const checkpoint = await requireCheckpoint(context, reference);
  const generator = await openTextGenerator(checkpoint, engine === undefined ? {} : { engine });
  const lines = createInterface({
    input: process.stdin,
    output: terminal.redraws ? process.stdout : undefined,
    prompt: terminal.redraws ? '› ' : '',
  });
  let ended = false;
  lines.on('close', () => {
    ended = true;
  });
  let writing: AbortController | undefined;
  const onInterrupt = (): void => {
    if (writing === undefined) lines.close();
    else writing.abort();
  };
  // readline keeps Ctrl-C to itself at a terminal; elsewhere it comes as a signal.
  lines.on('SIGINT', onInterrupt);
  process.on('SIGINT', onInterrupt);
  try {
    const conversation = beginConversation(generator.model, checkpoint.label, system);
    terminal.say(
      `${checkpoint.label}: ${formatCount(generator.model.parameters)} parameters, sees ${formatCount(generator.model.contextLength)} tokens. ${conversation.manner}; /exit ends.`,
    );
    for (const note of generator.model.notes) terminal.say(note);
    let turn = 0;
    lines.prompt();
    for await (const line of lines) {
      if (line.trim() === '/exit') break;
      const asked = conversation.ask(line);
      if (asked !== undefined) {
        writing = new AbortController();
        terminal.stream(asked.shown);
        const seed = ((settings.seed ?? 0) + turn++) % 2 ** 32;
        const written = await generator.generate(
          { ...settings, prompt: asked.prompt, seed },
          {
            signal: writing.signal,
            onText: (piece) => terminal.stream(piece),
            ...(asked.messages === undefined ? {} : { messages: asked.messages }),
          },
        );
        writing = undefined;
        terminal.stream('\n');
        conversation.reply(written.text);
      }
      if (!ended) lines.prompt();
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    lines.close();
    await generator.close();
  }
}
