import type { EngineName } from '../../../../shared/engines/engine.ts';
import { usualEngine } from '../../../studio/engines/usual-engine.ts';
import { chooseRunEngine, requireEngineOfRun } from '../../../studio/training/choose-engine.ts';
import { engineOption } from '../engine-option.ts';
import { Option } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { LoamError } from '../../../../shared/errors.ts';
import { parseJsonWithComments } from '../../../../shared/json-with-comments.ts';
import { declaredObjectives } from '../../../llm/objectives/registry.ts';
import { usualObjective } from '../../../../shared/objectives/usual-objective.ts';
import { defaultModelDeclaration, modelDeclarations, presets } from '../../../../shared/models/registry.ts';
import { settingAt } from '../../../../shared/runs/configuration-issue.ts';
import { trainingMethods, type TrainingMethod } from '../../../../shared/runs/training-method.ts';
import type { RunSummary } from '../../../../shared/runs/run.ts';
import { startTraining } from '../../../studio/training/start-training.ts';
import {
  requirePreset,
  resolveConfiguration,
  type ConfigurationLayer,
} from '../../../studio/training/resolve-configuration.ts';
import { currentRun, requireRun, summarizeRun } from '../../../studio/runs/runs.ts';
import { createRun, type PreparationProgress } from '../../../studio/training/create-run.ts';
import { findStartModel, startConfiguration, type StartModel } from '../../../studio/training/start-model.ts';
import { readSettings } from '../../../studio/settings/settings.ts';
import { parseAssignment } from '../assignment.ts';
import { collect, type CommandContext, type Perform, type Program } from '../command.ts';
import { formatCount, formatParameters, shellWord } from '../format.ts';
import { parsePositive, parsePositiveWholeNumber, parseSeed } from '../option-values.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Terminal } from '../terminal.ts';
import { commandToUse, describeOutcome, exitCodeOfOutcome } from '../training-outcome.ts';
import { createTrainingView } from '../training-view.ts';
import { describeTokenizerProgress } from './tokenizers.ts';

export function addTrainCommands(program: Program, perform: Perform): void {
  program
    .command('train')
    .summary('train a model on a dataset')
    .description(
      'Trains a language model on a dataset: from nothing, or from a model that is there with --from. Without --tokenizer one is learned from the dataset as the configuration says; a model brings its own. One run trains at a time; others wait. Ctrl-C saves a checkpoint, and `loam resume` goes on from there.',
    )
    .requiredOption('--dataset <name>', 'the dataset to train on')
    .option('--tokenizer <name>', 'the tokenizer to use')
    .option('--from <model>', 'begin with a model: a run, RUN@step, an imported model, or a folder')
    .option(
      '--preset <name>',
      `where to start from: ${presets()
        .map(({ name }) => name)
        .join(', ')} (\`loam presets\` describes them)`,
    )
    .option(
      '--objective <name>',
      `what to learn by: ${declaredObjectives()
        .map(({ name }) => name)
        .join(', ')} (default: ${usualObjective})`,
    )
    .addOption(
      new Option(
        '--method <name>',
        'what learns of the model that --from names: full (its weights) or lora (adapters beside them)',
      ).choices(trainingMethods),
    )
    .option('--config <file>', 'a configuration file: JSON, comments allowed')
    .option('--set <key=value>', 'change one setting, such as model.hiddenSize=128 (repeatable)', collect, [])
    .option('--name <run>', 'what to call the run (default: the preset with a number)')
    .option('--steps <n>', 'number of optimizer steps', parsePositiveWholeNumber)
    .option('--minutes <n>', 'time budget instead of steps', parsePositive)
    .option('--seed <n>', 'start of the random numbers', parseSeed)
    .addOption(engineOption())
    .option('--threads <n>', 'processor cores to use', parsePositiveWholeNumber)
    .addHelpText(
      'after',
      '\nExamples:\n  loam train --dataset reports --preset nano\n  loam train --dataset reports --preset nano --steps 200 --name quick-look\n  loam train --dataset reports --config model.json --set training.learningRate=0.0005\n  loam train --dataset reports --from smollm2 --steps 200',
    )
    .action((options) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts(
          'Stopping after this step and saving a checkpoint … (Ctrl-C again stops at once)',
        );
        const start =
          options.from === undefined ? undefined : await findStartModel(context.project(), options.from);
        const configuration = resolveConfiguration(await readLayers(options, start));
        if (start !== undefined) tellStart(terminal, start, configuration.model.contextLength);
        const run = await createRun(context.project(), {
          baseName: options.preset ?? (start === undefined ? 'run' : 'tuned'),
          ...(options.from === undefined ? {} : { from: options.from }),
          dataset: options.dataset,
          configuration,
          signal: interrupts.stop,
          onProgress: (progress) => showPreparation(terminal, progress),
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(options.tokenizer === undefined ? {} : { tokenizer: options.tokenizer }),
        });
        terminal.say(
          `Run ${run.name}: ${formatParameters(run.parameters)} parameters, dataset ${run.dataset}, tokenizer ${run.tokenizer}.`,
        );
        await trainAndReport(context, run.name, interrupts);
      }),
    );

  program
    .command('resume')
    .summary('go on with a paused or interrupted run')
    .description(
      'Goes on with a run from its last checkpoint. Its losses are those of a run that was never interrupted.',
    )
    .argument('<run>')
    .addOption(engineOption('the one that it began with'))
    .action((name, { engine }) =>
      perform(async (context) => {
        if (engine !== undefined) await chooseRunEngine(context.project(), name, engine);
        const interrupts = context.interrupts(
          'Stopping after this step and saving a checkpoint … (Ctrl-C again stops at once)',
        );
        const run = await currentRun(context.project(), name);
        if (run.status === 'completed')
          throw new LoamError({
            kind: 'input',
            where: `run '${name}'`,
            what: `It has finished, after ${run.step} steps.`,
            remedy: `Use it: ${commandToUse(name, run.configuration)}. To train longer, begin a run with more steps.`,
          });
        await requireEngineOfRun(requireRun(context.project(), name));
        await trainAndReport(context, name, interrupts);
      }),
    );
}

interface LayerOptions {
  readonly preset?: string | undefined;
  readonly objective?: string | undefined;
  readonly method?: TrainingMethod | undefined;
  readonly config?: string | undefined;
  readonly set: readonly string[];
  readonly steps?: number | undefined;
  readonly minutes?: number | undefined;
  readonly seed?: number | undefined;
  readonly engine?: EngineName | undefined;
  readonly threads?: number | undefined;
}

/** Says what a run begins with, and what of the model it leaves out. */
function tellStart(terminal: Terminal, { reference, shape }: StartModel, contextLength: number): void {
  terminal.say(`The run begins with ${reference}.`);
  if (contextLength < shape.contextLength)
    terminal.say(
      `It trains on texts of ${formatCount(contextLength)} tokens; the model could take ${formatCount(shape.contextLength)} (--set model.contextLength=…).`,
    );
}

async function readLayers(
  options: LayerOptions,
  start: StartModel | undefined,
): Promise<readonly ConfigurationLayer[]> {
  const { preset, objective, method, config, set, steps, minutes, seed, engine, threads } = options;
  const assigned = set.map(parseAssignment);
  const named = assigned.some(({ values }) => settingAt(values, 'model.architecture') !== undefined);
  if (preset === undefined && config === undefined && start === undefined && !named)
    throw new LoamError({
      kind: 'misuse',
      what: 'Neither a preset nor a configuration file was named, nor a model to begin with.',
      remedy: `Add --preset NAME (${presets()
        .map(({ name }) => name)
        .join(', ')}), --config FILE or --from MODEL.${otherArchitectures()}`,
    });
  const settings = await readSettings();
  const written = [...(config === undefined ? [] : [await readConfigurationFile(config)]), ...assigned];
  const learnsBy = [...written.map(({ values }) => settingAt(values, 'objective')), objective].findLast(
    (name) => name !== undefined,
  );
  const usualMethod = declaredObjectives().find(({ name }) => name === learnsBy)?.method;
  const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
  return [
    {
      origin: 'the settings',
      values: { engine: { name: await usualEngine('training'), freeCores: settings.freeCores } },
    },
    ...(preset === undefined
      ? []
      : [{ origin: `preset ${preset}`, values: requirePreset(preset).configuration }]),
    ...(start === undefined
      ? []
      : [
          {
            origin: `the model ${start.reference}`,
            values: startConfiguration(start, method ?? usualMethod),
          },
        ]),
    ...written,
    {
      origin: 'the options',
      values: {
        ...given('objective', objective),
        training: {
          ...given('method', method),
          ...given('steps', steps),
          ...given('minutes', minutes),
          ...given('seed', seed),
        },
        engine: { ...given('name', engine), ...given('threads', threads) },
      },
    },
  ];
}

/** How a model of another architecture than the usual one is asked for; nothing where there is none. */
function otherArchitectures(): string {
  const usual = defaultModelDeclaration();
  const others = modelDeclarations().filter((declaration) => declaration !== usual);
  return others.length === 0
    ? ''
    : ` For a model that is no ${usual.name}, add --set model.architecture=NAME (${others.map(({ name }) => name).join(', ')}).`;
}

async function readConfigurationFile(file: string): Promise<ConfigurationLayer> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LoamError(
      {
        kind: 'input',
        where: file,
        what: 'The configuration file cannot be read.',
        remedy: 'Check its path.',
      },
      { cause: error },
    );
  });
  const values = parseJsonWithComments(text, file);
  // Editors find the schema by this key; it is no setting.
  const settings =
    typeof values === 'object' && values !== null && !Array.isArray(values)
      ? Object.fromEntries(Object.entries(values).filter(([key]) => key !== '$schema'))
      : values;
  return { origin: file, values: settings };
}

export function showPreparation(terminal: Terminal, progress: PreparationProgress): void {
  switch (progress.stage) {
    case 'trainingTokenizer':
      terminal.draw(describeTokenizerProgress(progress.progress));
      return;
    case 'notice':
      terminal.warn(progress.message);
      return;
    case 'tokenizer':
      terminal.say(
        `Tokenizer ${progress.name}${progress.created ? ', learned just now' : ''}: ${formatCount(progress.vocabularySize)} tokens.`,
      );
      return;
    case 'encoding':
      terminal.draw(`Turning text into tokens: ${formatCount(progress.progress.tokens)}`);
      return;
    default:
      progress satisfies never;
  }
}

/** How a run that was trained ended, for the command that trained it. */
export interface TrainingReportForPeople {
  readonly run: RunSummary;
  /** A paragraph: how it ended. */
  readonly account: string;
  /** What to do next. */
  readonly next: string;
}

/**
 * Trains a prepared run and shows it as it trains. Sets the exit code.
 * @throws LoamError of kind 'interrupted' when Ctrl-C, twice, ended it at once.
 */
export async function trainVisibly(
  { terminal, project, exitWith }: CommandContext,
  name: string,
  interrupts: Interrupts,
): Promise<TrainingReportForPeople> {
  const view = createTrainingView(terminal);
  try {
    const outcome = await startTraining({
      project: project().folder,
      run: name,
      pause: interrupts.stop,
      kill: interrupts.kill,
      onReport: (report) => view.show(report),
    });
    const row = await currentRun(project(), name);
    const run = summarizeRun(row);
    exitWith(exitCodeOfOutcome(outcome));
    return { run, ...describeOutcome(outcome, run, row.configuration) };
  } catch (error) {
    if (!interrupts.interrupted()) throw withWayOn(error, name);
    throw new LoamError(
      {
        kind: 'interrupted',
        where: `run '${name}'`,
        what: 'Stopped.',
        remedy: `Go on from the last checkpoint with: loam resume ${shellWord(name)}`,
      },
      { cause: error },
    );
  } finally {
    view.finish();
  }
}

/** What the machine refused, such as room on the disk, ends a run that can go on later. */
function withWayOn(error: unknown, name: string): unknown {
  if (!(error instanceof LoamError) || error.kind !== 'environment') return error;
  return error.inOtherWords({ remedy: `${error.remedy} Then go on with: loam resume ${shellWord(name)}` });
}

async function trainAndReport(context: CommandContext, name: string, interrupts: Interrupts): Promise<void> {
  const { run, account, next } = await trainVisibly(context, name, interrupts);
  context.terminal.result({ type: 'ended', ...run }, `${account}\n${next}`);
}
