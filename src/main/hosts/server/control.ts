import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { errorAccountSchema } from '../../../shared/rpc.ts';
import { LoamError } from '../../../shared/errors.ts';
import { removeOwned, type OwnedRoot } from '../../llm/files/owned-files.ts';
import { describeFailure } from '../../studio/processes/worker-failure.ts';

/** What a command at a terminal asks of a server that runs. */
export const controlRequestSchema = z.discriminatedUnion('do', [
  /** Another link, for one browser. */
  z.strictObject({ do: z.literal('newLink') }),
  z.strictObject({ do: z.literal('listSessions') }),
  z.strictObject({ do: z.literal('revoke'), id: z.string().max(100) }),
  z.strictObject({ do: z.literal('revokeAll') }),
]);
export type ControlRequest = z.output<typeof controlRequestSchema>;

const linksSchema = z.strictObject({
  link: z.string(),
  /** The same by the machine's number, for browsers that do not find the name. */
  plainLink: z.string().optional(),
  linksFromElsewhere: z.array(z.string()),
});
export type Links = z.output<typeof linksSchema>;

const sessionSchema = z.strictObject({
  id: z.string(),
  browser: z.string(),
  address: z.string(),
  host: z.string(),
  createdAt: z.string(),
  usedAt: z.string(),
});

export const controlAnswerSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('links'), links: linksSchema }),
  z.strictObject({ is: z.literal('sessions'), sessions: z.array(sessionSchema) }),
  z.strictObject({ is: z.literal('revoked'), count: z.int().nonnegative() }),
  z.strictObject({ is: z.literal('refused'), account: errorAccountSchema }),
]);
export type ControlAnswer = z.output<typeof controlAnswerSchema>;

/** What a server leaves in the person's folder, for her commands to find it. */
const noteSchema = z.strictObject({
  process: z.int().positive(),
  /** Where browsers reach it. */
  port: z.int().positive(),
  /** Where this door is, on 127.0.0.1, and what opens it. */
  control: z.int().positive(),
  secret: z.string(),
});
export type ServerNote = z.output<typeof noteSchema>;

/** The longest request, in bytes. */
const longestRequest = 10_000;

const notesFolder = (folder: string): string => join(folder, 'servers');

/** A door for the person's own commands. */
export interface ControlDoor {
  close(): Promise<void>;
}

/**
 * Opens a door on this machine through which the commands of the same person ask a server for links and sessions. What opens
 * it stands in a file that only she can read: whoever can read that can read her models and texts as well. It has no cookie
 * and answers no page: a browser cannot send the header unasked.
 * @param folder what belongs to the person on this machine
 */
export async function openControlDoor(
  folder: string,
  port: number,
  answer: (request: ControlRequest) => ControlAnswer,
): Promise<ControlDoor> {
  const secret = randomBytes(32).toString('base64url');
  const answerText = async (request: IncomingMessage): Promise<ControlAnswer | undefined> => {
    try {
      return answer(controlRequestSchema.parse(JSON.parse(await readBody(request))));
    } catch (error) {
      const failure = describeFailure(error);
      return failure.kind === 'account' ? { is: 'refused', account: failure.account } : undefined;
    }
  };
  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => {
    const reply = (status: number, body?: ControlAnswer): void => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    if (!mayAsk(request, secret)) {
      reply(403);
      return;
    }
    void answerText(request).then(
      (answered) => reply(answered === undefined ? 400 : 200, answered),
      () => reply(400),
    );
  });
  server.maxConnections = 20;
  const control = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const notes = notesFolder(folder);
  await mkdir(notes, { recursive: true, mode: 0o700 });
  await chmod(notes, 0o700);
  const file = join(notes, `${process.pid}-${port}.json`);
  const note: ServerNote = { process: process.pid, port, control, secret };
  await writeFile(file, JSON.stringify(note), { mode: 0o600 });
  return {
    close: async () => {
      await removeOwned(ownNotes(folder), file).catch(() => undefined);
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function mayAsk({ headers, method }: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${secret}`);
  return (
    method === 'POST' &&
    headers.origin === undefined &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted)
  );
}

/** @throws Error for what is longer than anything that is asked here */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestRequest) throw new RangeError('This is longer than anything that is asked here.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const noteName = /^\d+-\d+\.json$/;

/** The notes of servers, in the person's folder. */
const ownNotes = (folder: string): OwnedRoot => ({
  folder: notesFolder(folder),
  owns: ([name = '', ...below]) => noteName.test(name) && below.length === 0,
});

/** The servers of this person that run. What one that was killed left is removed. */
export async function findServers(folder: string): Promise<readonly ServerNote[]> {
  const notes = notesFolder(folder);
  const found: ServerNote[] = [];
  for (const name of (await readdir(notes).catch(() => [])).filter((entry) => noteName.test(entry))) {
    const file = join(notes, name);
    const note = noteSchema.safeParse(parseJson(await readFile(file, 'utf8').catch(() => '')));
    if (note.success && lives(note.data.process)) found.push(note.data);
    else await removeOwned(ownNotes(folder), file).catch(() => undefined);
  }
  return found.toSorted((a, b) => a.port - b.port);
}

/**
 * Asks a server that runs.
 * @throws LoamError when it does not answer, or refuses
 */
export async function askServer(
  { port, control, secret }: ServerNote,
  request: ControlRequest,
): Promise<Exclude<ControlAnswer, { is: 'refused' }>> {
  const answer = await fetch(`http://127.0.0.1:${control}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => error);
  const parsed =
    answer instanceof Response && answer.ok
      ? controlAnswerSchema.safeParse(parseJson(await answer.text()))
      : undefined;
  if (parsed?.success !== true)
    throw new LoamError(
      {
        kind: 'environment',
        where: `port ${port}`,
        what: 'The studio does not answer.',
        remedy: 'If it hangs, end it where it was started, and start it again.',
      },
      answer instanceof Error ? { cause: answer } : {},
    );
  if (parsed.data.is === 'refused') {
    const { where, action, ...account } = parsed.data.account;
    throw new LoamError({
      ...account,
      ...(where === undefined ? {} : { where }),
      ...(action === undefined ? {} : { action }),
    });
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lives(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
