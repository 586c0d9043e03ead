import { LoamError } from '../../../shared/errors.ts';
import { forkLauncher } from '../../studio/processes/launcher.ts';
import { userFolder } from '../../studio/settings/user-folder.ts';
import { createStudio } from '../../studio/studio.ts';
import { isLoopback, withoutBrackets } from '../server/access.ts';
import { readCertificate, type Certificate } from '../server/certificate.ts';
import { browserCommand, openBrowser } from '../server/open-browser.ts';
import { writeOpeningPage, type StudioLinks } from '../server/opening-page.ts';
import { builtRenderer } from '../server/pages.ts';
import { startServer, type RunningServer } from '../server/server.ts';
import type { CommandContext } from './command.ts';
import type { Terminal } from './terminal.ts';

/** How long work that is not training is waited for when the studio ends, in milliseconds. */
const workPatience = 5000;
/** How long the page that opens the browser lies there if no browser comes, in milliseconds. */
const openingPatience = 5 * 60_000;

/** Where and how the studio is served, as the options of `loam serve` say. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Whether the browser is opened. */
  readonly open: boolean;
  /** Folder with the built pages, if not the usual one. */
  readonly pages?: string | undefined;
  readonly tlsCertificate?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** Serves the studio, prints a link, and returns when Ctrl-C has ended it and its work is saved. */
export async function serveUntilInterrupted(
  context: CommandContext,
  { host, port, pages, open, tlsCertificate, tlsKey }: ServeOptions,
): Promise<void> {
  const { terminal } = context;
  const certificate = await chosenCertificate(tlsCertificate, tlsKey);
  const interrupts = context.interrupts(
    'Stopping; runs that train save a checkpoint first. Ctrl-C again ends them at once.',
  );
  const studio = createStudio({
    launcher: forkLauncher,
    ...(context.hasProject() ? { startProject: context.projectFolder } : {}),
  });
  const server = await startServer({
    studio,
    host,
    port,
    assets: pages ?? builtRenderer,
    ...(certificate === undefined ? {} : { certificate }),
  });
  warn(terminal, server, withoutBrackets(host), certificate !== undefined);
  const { link, plainLink, linksFromElsewhere } = server.links();
  const others = linksFromElsewhere.filter((other) => other !== link);
  terminal.result(
    {
      type: 'serving',
      link,
      ...(plainLink === undefined ? {} : { plainLink }),
      port: server.port,
      ...(others.length === 0 ? {} : { linksFromElsewhere: others }),
    },
    [
      `The studio is open at\n  ${link}`,
      ...(others.length === 0 ? [] : [`and from other machines at\n  ${others.join('\n  ')}`]),
      'The link lets one browser in, once. Another: loam session new',
      ...(plainLink === undefined
        ? []
        : ['For a browser that does not find this address (Safari): loam session new --plain']),
      'Ctrl-C ends it.',
    ].join('\n'),
  );
  const removePage = open && !terminal.json ? await openStudio(server, { link, plainLink }) : undefined;
  await aborted(interrupts.stop);
  await removePage?.();
  await server.close();
  // A run may take its time to save a checkpoint: the person can press Ctrl-C again, and the system's own deadline
  // ends it. Nothing else is worth waiting for.
  await studio.close({ within: workPatience, sparing: ['training'], atOnce: interrupts.kill });
}

async function chosenCertificate(
  certificate: string | undefined,
  key: string | undefined,
): Promise<Certificate | undefined> {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new LoamError({
      kind: 'misuse',
      what: 'A certificate and its key go together.',
      remedy: 'Give both: --tls-certificate FILE --tls-key FILE.',
    });
  return readCertificate(certificate, key);
}

/** Says what whoever opens the studio gives away. */
function warn(terminal: Terminal, server: RunningServer, host: string, secure: boolean): void {
  if (!isLoopback(host))
    terminal.warn(
      `The studio listens on ${host}: whoever can reach this machine and has a link can use it, read your texts and import files from this machine. ${
        secure
          ? 'What is sent is encrypted.'
          : 'What is sent is not encrypted: whoever listens on the network between reads your texts, and the link and the browser’s cookie as well, with which he can do all that you can, until you revoke the session. Encrypt it (--tls-certificate, --tls-key), or leave --host out to open it on this machine only.'
      }`,
    );
  else if (!secure && !server.hasOwnName)
    terminal.warn(
      'The studio has no name of its own here, because it was told another address or another program listens at this port: browsers send its cookie to the pages of other programs on this machine as well. Where other people use this machine, choose another --port.',
    );
}

/** Opens the browser by a file that leads there. @returns what removes the file */
async function openStudio(server: RunningServer, links: StudioLinks): Promise<() => Promise<void>> {
  if (browserCommand('') === undefined) return async () => undefined;
  const page = await writeOpeningPage(userFolder(), links);
  const code = new URL(links.link).searchParams.get('code');
  server.sessions.onRedeemed((redeemed) => {
    if (redeemed === code) void page.remove();
  });
  setTimeout(() => void page.remove(), openingPatience).unref();
  openBrowser(page.path);
  return () => page.remove();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
