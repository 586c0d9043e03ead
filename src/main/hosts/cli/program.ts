import { Command } from '@commander-js/extra-typings';
import { loamVersion } from '../../studio/version.ts';
import { createPerformer, type GlobalOptions, type Program } from './command.ts';
import { addDatasetCommands } from './commands/datasets.ts';
import { addEngineCommands } from './commands/engines.ts';
import { addHardwareCommand } from './commands/hardware.ts';
import { addImportedModelCommands } from './commands/imported-models.ts';
import { addModelCommands } from './commands/models.ts';
import { addProjectCommands } from './commands/projects.ts';
import { addQuickstartCommand } from './commands/quickstart.ts';
import { addRunCommands } from './commands/runs.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSessionCommands } from './commands/sessions.ts';
import { addSettingsCommands } from './commands/settings.ts';
import { addTokenizerCommands } from './commands/tokenizers.ts';
import { addTrainCommands } from './commands/train.ts';
import { addVerifyCommands } from './commands/verify.ts';
import { addWritingCommands } from './commands/writing.ts';

/** @param onExitCode told the exit code of a command that ended without an error. */
export function createProgram(onExitCode: (code: number) => void): Program {
  const program: Program = new Command('loam')
    .description(
      'Loam builds language models on this machine, from your own text. Nothing leaves the machine.',
    )
    .version(loamVersion, '--version', 'print the version')
    .option(
      '--project <dir>',
      'the project (default: this folder, or the nearest one above that is a project)',
    )
    .option('--json', 'print results as JSON: one object, or one a line')
    .option('--quiet', 'print results and errors only')
    .addHelpText(
      'after',
      '\nThe usual way:\n  loam init\n  loam dataset import reports reports/*.txt\n  loam train --dataset reports --preset nano\n  loam generate nano-1 --prompt "The pump"\n\nOr see it all work on sample data, in about three minutes:\n  loam quickstart\n\nExit codes: 0 done, 1 failed, 2 misuse, 130 interrupted.',
    );
  const perform = createPerformer(() => program.opts() satisfies GlobalOptions, onExitCode);
  addProjectCommands(program, perform);
  addDatasetCommands(program, perform);
  addTokenizerCommands(program, perform);
  addTrainCommands(program, perform);
  addRunCommands(program, perform);
  addModelCommands(program, perform);
  addImportedModelCommands(program, perform);
  addWritingCommands(program, perform);
  addVerifyCommands(program, perform);
  addServeCommand(program, perform);
  addSessionCommands(program, perform);
  addHardwareCommand(program, perform);
  addEngineCommands(program, perform);
  addSettingsCommands(program, perform);
  addQuickstartCommand(program, perform);
  prepare(program);
  return program;
}

/** What holds for every command: errors are thrown, help shows the global options, words are suggested. */
function prepare(command: { readonly commands: readonly unknown[] }, above: readonly string[] = []): void {
  const each = command as unknown as Command;
  const words = [...above, each.name()];
  each
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError(`(${words.join(' ')} --help says more)`)
    .configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) prepare(child as { readonly commands: readonly unknown[] }, words);
}
