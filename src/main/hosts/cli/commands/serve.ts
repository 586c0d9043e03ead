import { Option } from '@commander-js/extra-typings';
import type { Perform, Program } from '../command.ts';
import { parseWholeNumber } from '../option-values.ts';

export function addServeCommand(program: Program, perform: Perform): void {
  program
    .command('serve')
    .summary('open the studio in a browser')
    .description(
      'Serves the studio to browsers on this machine, opens it in yours and prints a link. The link lets one browser in, once; `loam session new` prints another, `loam session list` says who is in. Ctrl-C ends it; runs that train save a checkpoint first. With --json nothing is opened.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any that is free', parseWholeNumber, 8461)
    .option('--tls-certificate <file>', 'encrypt what is sent: the certificate, in PEM')
    .option('--tls-key <file>', 'the key of the certificate, in PEM')
    .option('--no-open', 'print the link only')
    .addOption(new Option('--pages <folder>', 'folder with the built pages').hideHelp())
    .action((options) =>
      perform(async (context) => {
        // The server is a third of all modules, which no other command needs.
        const { serveUntilInterrupted } = await import('../serve-until-interrupted.ts');
        await serveUntilInterrupted(context, options);
      }),
    );
}
