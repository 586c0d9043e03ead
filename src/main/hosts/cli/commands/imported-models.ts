import { importModel } from '../../../studio/checkpoints/import-model.ts';
import { listModels } from '../../../studio/checkpoints/models.ts';
import type { Perform, Program } from '../command.ts';
import { formatBytes, formatCount, formatTable, shellWord } from '../format.ts';

/** What brings models of other programs into the project. */
export function addImportedModelCommands(program: Program, perform: Perform): void {
  const model = program
    .command('model')
    .summary('bring in models of other programs')
    .description('Models that other programs made, and what there is of models in the project.');

  model
    .command('import')
    .summary('copy a model into the project')
    .description(
      'Copies a model into the project: a folder in Hugging Face’s form, or a GGUF file, of which tokenizer and chat template are read too. The original stays as it is.',
    )
    .argument('<name>', 'what to call it')
    .argument('<folder|file.gguf>', 'where it is')
    .addHelpText(
      'after',
      '\nExamples:\n  loam model import smol SmolLM2-135M-Instruct.Q4_1.gguf\n  loam model import base ~/models/llama-135m\n  loam chat smol',
    )
    .action((name, folder) =>
      perform(async (context) => {
        const { terminal } = context;
        const { stop } = context.interrupts();
        const imported = await importModel(context.project(), {
          folder,
          name,
          signal: stop,
          onProgress: ({ done, total }) =>
            terminal.draw(`Copying: ${formatBytes(done)} of ${formatBytes(total)}`),
        });
        for (const note of imported.notes) terminal.say(note);
        const found = listModels(context.project()).find(({ reference }) => reference === `models/${name}`);
        terminal.result(
          { ...imported, ...found },
          `Model ${imported.name} is in the project: ${found?.modelType ?? ''}, ${formatCount(found?.parameters ?? 0)} parameters, ${formatBytes(found?.bytes ?? 0)}.\nWrite with it: loam chat ${shellWord(imported.name)}`,
        );
      }),
    );

  model
    .command('list')
    .summary('list the models of the project: checkpoints of runs, and what was imported')
    .action(() =>
      perform(async ({ terminal, project }) => {
        const models = listModels(project());
        terminal.result(
          models,
          models.length === 0
            ? 'There are no models yet.\nTrain one (loam train), or bring one in: loam model import NAME FOLDER|FILE.gguf'
            : formatTable(
                ['model', 'kind', 'parameters', 'context', 'size'],
                models.map(({ reference, modelType, parameters, contextLength, bytes }) => [
                  reference,
                  modelType,
                  formatCount(parameters),
                  formatCount(contextLength),
                  formatBytes(bytes),
                ]),
              ),
        );
      }),
    );
}
