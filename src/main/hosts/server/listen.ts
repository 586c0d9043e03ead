import type { Server } from 'node:http';
import { LoamError } from '../../../shared/errors.ts';
import { inLink } from './access.ts';

/** The servers that listen, with the same answers, at one port. */
export interface Listening {
  readonly servers: readonly Server[];
  readonly port: number;
  /** Whether nobody else can answer at this port under a name that means this machine. */
  readonly alone: boolean;
}

/** How often another port is tried where any will do. */
const mostTries = 5;

/**
 * Listens at an address. One that means this machine alone is listened at in both of its forms, 127.0.0.1 and ::1: a browser
 * tries either for a name that ends in `.localhost`, and another user's program that answered at one of them would be sent the
 * link's code.
 * @throws LoamError that says what is in the way
 */
export async function listen(
  makeServer: () => Server,
  host: string,
  port: number,
  tries = mostTries,
): Promise<Listening> {
  const first = ['localhost', '127.0.0.1'].includes(host) ? '127.0.0.1' : host;
  const server = makeServer();
  const bound = await listenAt(server, first, port).catch((error: unknown) => {
    throw explainListening(error, host, port);
  });
  const other = { '127.0.0.1': '::1', '::1': '127.0.0.1' }[first];
  if (other === undefined) return { servers: [server], port: bound, alone: false };
  const second = makeServer();
  try {
    await listenAt(second, other, bound);
    return { servers: [server, second], port: bound, alone: true };
  } catch (error) {
    // A machine that does not speak IPv6 has nobody who listens there.
    const taken = codeOf(error) === 'EADDRINUSE';
    if (!taken || port !== 0 || tries === 1) return { servers: [server], port: bound, alone: !taken };
    await new Promise((resolve) => void server.close(resolve));
    return listen(makeServer, host, port, tries - 1);
  }
}

async function listenAt(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: host === '::1' });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function explainListening(error: unknown, host: string, port: number): unknown {
  const account = (what: string, remedy: string): LoamError =>
    new LoamError({ kind: 'environment', where: `${inLink(host)}:${port}`, what, remedy }, { cause: error });
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return account(
        'Another program listens on this port, perhaps a studio that is open already.',
        'Use that one, or start this one with --port 0, which takes any port that is free.',
      );
    case 'EACCES':
      return account('This port needs an administrator’s rights.', 'Choose one above 1023: --port 8461.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return account(
        'This address is not one of this machine’s.',
        'Leave --host out to open the studio on this machine only.',
      );
    default:
      return error;
  }
}
