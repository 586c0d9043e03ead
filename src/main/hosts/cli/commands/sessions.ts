import { LoamError } from '../../../../shared/errors.ts';
import { userFolder } from '../../../studio/settings/user-folder.ts';
import { askServer, findServers, type ServerNote } from '../../server/control.ts';
import type { Perform, Program } from '../command.ts';
import { formatTable } from '../format.ts';
import { parseWholeNumber } from '../option-values.ts';

const portOption = ['--port <number>', 'the port of the studio, where several run'] as const;

export function addSessionCommands(program: Program, perform: Perform): void {
  const session = program
    .command('session')
    .summary('browsers that are let into the studio: let in, list, revoke')
    .description(
      'Each link that opens the studio lets one browser in, once. The browser then has a session, until it is revoked, has not been used for two weeks, or `loam serve` ends.',
    );

  session
    .command('new')
    .summary('print another link to the studio that runs')
    .option(...portOption, parseWholeNumber)
    .option(
      '--plain',
      'by the machine’s number, for a browser that does not find names that end in .localhost; it sends the session’s cookie to every program’s pages at that number',
    )
    .action(({ port, plain }) =>
      perform(async ({ terminal }) => {
        const answer = await askServer(await chooseServer(port), { do: 'newLink' });
        if (answer.is !== 'links') return;
        const { link, plainLink = link, linksFromElsewhere } = answer.links;
        const chosen = plain === true ? plainLink : link;
        const others = linksFromElsewhere.filter((other) => other !== chosen);
        terminal.result(
          {
            type: 'link',
            link: chosen,
            plainLink,
            ...(others.length === 0 ? {} : { linksFromElsewhere: others }),
          },
          [chosen, ...others, 'It lets one browser in, once, within a day.'].join('\n'),
        );
      }),
    );

  session
    .command('list')
    .summary('list the browsers that are let in')
    .option(...portOption, parseWholeNumber)
    .action(({ port }) =>
      perform(async ({ terminal }) => {
        const answer = await askServer(await chooseServer(port), { do: 'listSessions' });
        if (answer.is !== 'sessions') return;
        const { sessions } = answer;
        terminal.result(
          { sessions },
          sessions.length === 0
            ? 'No browser is let in.'
            : formatTable(
                ['id', 'since', 'last used', 'from', 'browser'],
                sessions.map(({ id, createdAt, usedAt, address, browser }) => [
                  id,
                  createdAt.slice(0, 16).replace('T', ' '),
                  usedAt.slice(0, 16).replace('T', ' '),
                  address,
                  shortBrowserName(browser),
                ]),
              ),
        );
      }),
    );

  session
    .command('revoke')
    .summary('end a session: its pages are disconnected and its cookie is worth nothing')
    .argument('[id]', 'as `loam session list` shows it')
    .option('--all', 'all of them')
    .option(...portOption, parseWholeNumber)
    .action((id, { all, port }) =>
      perform(async ({ terminal }) => {
        if ((id === undefined) === (all === undefined))
          throw new LoamError({
            kind: 'misuse',
            what: 'Name one session, or say --all.',
            remedy: 'See `loam session list`.',
          });
        const server = await chooseServer(port);
        const answer = await askServer(server, id === undefined ? { do: 'revokeAll' } : { do: 'revoke', id });
        if (answer.is !== 'revoked') return;
        terminal.result(
          { revoked: answer.count },
          answer.count === 1 ? 'The session is revoked.' : `${answer.count} sessions are revoked.`,
        );
      }),
    );
}

/** @throws LoamError when no studio runs, or it is not clear which is meant */
async function chooseServer(port: number | undefined): Promise<ServerNote> {
  const all = await findServers(userFolder());
  const [server, ...others] = port === undefined ? all : all.filter((one) => one.port === port);
  if (server === undefined)
    throw new LoamError({
      kind: 'environment',
      ...(port === undefined ? {} : { where: `port ${port}` }),
      what: 'No studio of yours runs here for browsers.',
      remedy: 'Start it: `loam serve`, or `npm start`.',
    });
  if (others.length > 0)
    throw new LoamError({
      kind: 'misuse',
      what: `Several studios run, at the ports ${all.map((one) => one.port).join(', ')}.`,
      remedy: 'Say which by --port.',
    });
  return server;
}

/** "Firefox on Linux", where a browser's long name of itself says as much. */
export function shortBrowserName(browser: string): string {
  // Chrome calls itself Safari too, and Edge and Opera call themselves Chrome.
  const brands = { Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari' };
  const brand = Object.entries(brands).find(([mark]) => browser.includes(`${mark}/`))?.[1];
  const system = /(Windows|Macintosh|Android|iPhone|iPad|Linux)/.exec(browser)?.[1];
  if (brand === undefined) return printable(browser).slice(0, 40) || 'unknown';
  return system === undefined ? brand : `${brand} on ${system === 'Macintosh' ? 'Mac' : system}`;
}

/** What a browser says of itself is whatever it likes: nothing that a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '');
}
