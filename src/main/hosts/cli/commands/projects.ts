import { join, resolve } from 'node:path';
import { firstMissing, shareAsUsual, shareFolderAsUsual } from '../../../studio/file-permissions.ts';
import { trustProject } from '../../../studio/projects/known-projects.ts';
import { createProject } from '../../../studio/projects/projects.ts';
import { restoreStore } from '../../../studio/projects/restore-store.ts';
import type { Perform, Program } from '../command.ts';
import { plural, shellWord } from '../format.ts';

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
          `Made a project in ${project.folder}.\nNext: loam dataset import NAME FILE...${folder === undefined ? '' : `   (in that folder, or with --project ${shellWord(folder)})`}${commandNote()}`,
        );
      }),
    );

  const project = program.command('project').summary('projects that come from elsewhere');
  project
    .command('trust')
    .summary('agree to a project that comes from elsewhere')
    .description(
      'Agrees to a project that was not made here: one that you were given, copied or moved. Until then Loam changes nothing in it and runs nothing of it. Afterwards it is opened like your own: its store is brought up to date, what is unfinished is cleared away, and its queue goes on.',
    )
    .argument('[dir]', 'the project’s folder (default: here or above, or --project)')
    .addHelpText('after', '\nExamples:\n  loam project trust\n  loam project trust reports')
    .action((folder) =>
      perform(async ({ terminal, projectFolder }) => {
        const trusted = resolve(folder ?? projectFolder);
        await trustProject(trusted);
        terminal.result({ folder: trusted }, `Loam opens the project in ${trusted} from now on.`);
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
        const made = firstMissing(resolve(folder));
        const files = await writeSamples(resolve(folder));
        if (made === undefined) await shareAsUsual(files, [join(folder, 'documents')]);
        else await shareFolderAsUsual(made);
        terminal.result(
          { folder: resolve(folder), files },
          `Wrote ${plural(files.length, 'file')} to ${resolve(folder)}: documents/ (texts), tickets.csv, questions.jsonl and passages.tsv.\nNext: loam dataset import service-desk ${shellWord(join(folder, 'documents'))}`,
        );
      }),
    );
}
