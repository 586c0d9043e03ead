import { LoamError } from '../../../../shared/errors.ts';
import {
  defaultModelDeclaration,
  modelDeclarationOf,
  modelDeclarations,
  presets,
} from '../../../../shared/models/registry.ts';
import { configurationKeys } from '../../../../shared/runs/configuration-keys.ts';
import { runConfigurationJsonSchema } from '../../../../shared/runs/configuration-schema.ts';
import { requirePreset, resolveConfiguration } from '../../../studio/training/resolve-configuration.ts';
import { changeSettings, readSettings } from '../../../studio/settings/settings.ts';
import type { Perform, Program } from '../command.ts';
import { formatTable } from '../format.ts';

export function addSettingsCommands(program: Program, perform: Perform): void {
  program
    .command('presets')
    .summary('list the presets, or print one as a configuration file')
    .argument('[name]', 'print this preset as a configuration file')
    .addHelpText(
      'after',
      '\nExamples:\n  loam presets\n  loam presets nano > model.json     (change it, then: loam train --dataset D --config model.json)',
    )
    .action((name) =>
      perform(({ terminal }) => {
        if (name === undefined) {
          terminal.result(
            presets().map((preset) => ({ name: preset.name, summary: preset.summary })),
            formatTable(
              ['preset', 'what it is'],
              presets().map((preset) => [preset.name, preset.summary]),
            ),
          );
          return;
        }
        const { configuration } = requirePreset(name);
        terminal.result(configuration, JSON.stringify(configuration, null, 2));
      }),
    );

  const config = program
    .command('config')
    .summary('what a configuration file may hold')
    .description('A configuration file is JSON with comments; `loam presets NAME` prints one to start from.');
  config
    .command('keys')
    .summary('list every setting with its meaning')
    .option(
      '--architecture <name>',
      `whose settings of the model: ${modelDeclarations()
        .map(({ name }) => name)
        .join(', ')}`,
      defaultModelDeclaration().name,
    )
    .action(({ architecture }) =>
      perform(({ terminal }) => {
        const declaration = modelDeclarationOf({ architecture });
        const defaults = resolveConfiguration([
          { origin: '--architecture', values: { model: { architecture } } },
        ]);
        const rows = configurationKeys(declaration).map(({ path, description }) => ({
          path,
          default: valueAt(defaults, path),
          description,
        }));
        terminal.result(
          rows,
          rows
            .map(
              (row) =>
                `${row.path}${row.default === undefined ? '' : ` (${JSON.stringify(row.default)})`}\n    ${row.description}`,
            )
            .join('\n'),
        );
      }),
    );
  config
    .command('schema')
    .summary('print the JSON Schema of a configuration file, for editors')
    .action(() =>
      perform(({ terminal }) =>
        terminal.result(runConfigurationJsonSchema(), JSON.stringify(runConfigurationJsonSchema(), null, 2)),
      ),
    );

  program
    .command('settings')
    .summary("show or change this machine's settings")
    .argument('[key=value...]', 'settings to change')
    .addHelpText(
      'after',
      '\nExamples:\n  loam settings\n  loam settings freeCores=1          (training leaves one core to other programs)',
    )
    .action((assignments) =>
      perform(async ({ terminal }) => {
        const settings =
          assignments.length === 0
            ? await readSettings()
            : await changeSettings(Object.fromEntries(assignments.map(parseSetting)));
        terminal.result(
          settings,
          Object.entries(settings)
            .map(([key, value]) => `${key} = ${String(value)}`)
            .join('\n'),
        );
      }),
    );
}

function valueAt(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      tree,
    );
}

function parseSetting(assignment: string): readonly [string, unknown] {
  const [key = '', ...rest] = assignment.split('=');
  if (key === '' || rest.length === 0)
    throw new LoamError({
      kind: 'misuse',
      where: assignment,
      what: 'A setting is given as key=value.',
      remedy: 'For example: loam settings freeCores=1',
    });
  const text = rest.join('=');
  try {
    return [key, JSON.parse(text) as unknown];
  } catch {
    return [key, text];
  }
}
