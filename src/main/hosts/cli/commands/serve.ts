import { Option } from '@commander-js/extra-typings';
import { forkLauncher } from '../../../studio/jobs/launcher.ts';
import { createStudio } from '../../../studio/studio.ts';
import { isLoopback, withoutBrackets } from '../../server/access.ts';
import { openBrowser } from '../../server/open-browser.ts';
import { builtRenderer } from '../../server/pages.ts';
import { startServer } from '../../server/server.ts';
import type { Perform, Program } from '../command.ts';
import { parseWholeNumber } from '../option-values.ts';

/** How long work that is not training is waited for when the studio ends, in milliseconds. */
const workPatience = 5000;

export function addServeCommand(program: Program, perform: Perform): void {
  program
    .command('serve')
    .summary('open the studio in a browser')
    .description(
      'Serves the studio to browsers on this machine, opens it in yours and prints the link. The link holds a secret of this start; nobody without it is let in. Ctrl-C ends it; runs that train save a checkpoint first. With --json nothing is opened.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any that is free', parseWholeNumber, 8461)
    .option('--no-open', 'print the link only')
    .addOption(new Option('--pages <folder>', 'folder with the built pages').hideHelp())
    .action(({ host, port, pages, open }) =>
      perform(async (context) => {
        const { terminal } = context;
        const interrupts = context.interrupts(
          'Stopping; runs that train save a checkpoint first. Ctrl-C again ends them at once.',
        );
        const studio = createStudio({
          launcher: forkLauncher,
          ...(context.hasProject() ? { startProject: context.projectFolder } : {}),
        });
        const server = await startServer({ studio, host, port, assets: pages ?? builtRenderer });
        if (!isLoopback(withoutBrackets(host)))
          terminal.warn(
            `The studio listens on ${host}: whoever can reach this machine and has the link can use it, read your texts and import files from this machine, and what is sent is not encrypted. Leave --host out to open it on this machine only.`,
          );
        const { port: boundPort, link, linksFromElsewhere } = server;
        const others = linksFromElsewhere.filter((other) => other !== link);
        terminal.result(
          {
            type: 'serving',
            link,
            port: boundPort,
            ...(others.length === 0 ? {} : { linksFromElsewhere: others }),
          },
          [
            `The studio is open at\n  ${link}`,
            ...(others.length === 0 ? [] : [`and from other machines at\n  ${others.join('\n  ')}`]),
            'Ctrl-C ends it.',
          ].join('\n'),
        );
        if (open && !terminal.json) openBrowser(server.link);
        await aborted(interrupts.stop);
        await server.close();
        // A run may take its time to save a checkpoint: the person can press Ctrl-C again, and the system's own deadline
        // ends it. Nothing else is worth waiting for.
        await studio.close({ within: workPatience, sparing: ['training'], atOnce: interrupts.kill });
      }),
    );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
