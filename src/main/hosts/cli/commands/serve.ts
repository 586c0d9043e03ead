import { Option } from '@commander-js/extra-typings';
import { forkLauncher } from '../../../studio/jobs/launcher.ts';
import { createStudio } from '../../../studio/studio.ts';
import { builtRenderer } from '../../server/pages.ts';
import { startServer } from '../../server/server.ts';
import type { Perform, Program } from '../command.ts';
import { parseWholeNumber } from '../option-values.ts';

export function addServeCommand(program: Program, perform: Perform): void {
  program
    .command('serve')
    .summary('open the studio in a browser')
    .description(
      'Serves the studio to browsers on this machine and prints the link that opens it. The link holds a secret of this start; nobody without it is let in. Ctrl-C ends it; runs that train save a checkpoint first.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any that is free', parseWholeNumber, 8461)
    .addOption(new Option('--pages <folder>', 'folder with the built pages').hideHelp())
    .action(({ host, port, pages }) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts('Stopping; runs that train save a checkpoint first …');
        const studio = createStudio({
          launcher: forkLauncher,
          ...(context.hasProject() ? { startProject: context.projectFolder } : {}),
        });
        const server = await startServer({ studio, host, port, assets: pages ?? builtRenderer });
        terminal.result(
          { type: 'serving', link: server.link, port: server.port },
          `The studio is open at\n  ${server.link}\nCtrl-C ends it.`,
        );
        await new Promise<void>((resolve) => {
          if (interrupts.stop.aborted) resolve();
          else interrupts.stop.addEventListener('abort', () => resolve(), { once: true });
        });
        await server.close();
        await studio.close();
      }),
    );
}
