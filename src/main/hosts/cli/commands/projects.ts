import { join, resolve } from 'node:path';
import { createProject } from '../../../studio/projects/projects.ts';
import type { Perform, Program } from '../command.ts';
import { plural } from '../format.ts';

/** Whoever came by `npm run loam` has no command of the name `loam` yet; whoever made one (README) runs npm silently. */
function commandNote(): string {
  return process.env.npm_lifecycle_event === 'loam' && process.env.npm_config_loglevel !== 'silent'
    ? '\nHere `loam` stands for `npm run loam --`; the README says how to make it a command.'
    : '';
}

export function addProjectCommands(program: Program, perform: Perform): void {
  program
    .command('init')
    .summary('make a project')
    .description(
      'Makes a project: one folder with one SQLite file, and the texts, tokenizers, runs and exports beside it.',
    )
    .argument('[dir]', 'the folder (default: here, or --project)')
    .addHelpText('after', '\nExamples:\n  loam init\n  loam init reports')
    .action((folder) =>
      perform(async ({ terminal }) => {
        const project = await createProject(folder ?? program.opts().project ?? '.');
        terminal.result(
          project,
          `Made a project in ${project.folder}.\nNext: loam dataset import NAME FILE...${folder === undefined ? '' : `   (in that folder, or with --project ${folder})`}${commandNote()}`,
        );
      }),
    );

  program
    .command('samples')
    .summary('write sample texts into a folder')
    .description(
      'Writes sample texts, the records of an invented engineering firm’s service desk, to try Loam on.',
    )
    .argument('<dir>', 'the folder to write them into')
    .action((folder) =>
      perform(async ({ terminal }) => {
        const { writeSamples } = await import('../../../../../resources/samples/write.ts');
        const files = await writeSamples(resolve(folder));
        terminal.result(
          { folder: resolve(folder), files },
          `Wrote ${plural(files.length, 'file')} to ${resolve(folder)}: documents/ (texts), tickets.csv, questions.jsonl and passages.tsv.\nNext: loam dataset import service-desk ${join(folder, 'documents')}`,
        );
      }),
    );
}
