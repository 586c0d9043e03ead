import { join, resolve } from 'node:path';
import { createProject } from '../../../studio/projects/projects.ts';
import { restoreStore } from '../../../studio/projects/restore-store.ts';
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
    .command('restore')
    .summary('put the newest backup of a project’s store in its place')
    .description(
      'Puts the newest whole backup in the place of a store that is damaged. The store is kept among the backups; what was written to it since the backup is not in the project afterwards. Files (texts, checkpoints, tokenizers) stay as they are.',
    )
    .addHelpText('after', '\nExamples:\n  loam restore\n  loam restore --project reports')
    .action(() =>
      perform(async ({ terminal, projectFolder }) => {
        const restored = await restoreStore(projectFolder);
        const { backup, madeAt, earlier } = restored;
        terminal.result(
          restored,
          `The project in ${restored.folder} is as it was on ${madeAt.slice(0, 16).replace('T', ' at ')} UTC (${backup}).${earlier === undefined ? '' : `\nThe store that was there is in ${earlier}.`}`,
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
