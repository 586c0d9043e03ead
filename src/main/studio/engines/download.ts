import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LoamError } from '../../../shared/errors.ts';
import { explainSystemError } from '../system-errors.ts';

/** Asks a server how large a file is. Undefined when it does not say. @throws LoamError when it cannot be reached */
async function askSize(url: string, signal?: AbortSignal): Promise<number | undefined> {
  const answer = await ask(url, { method: 'HEAD', ...(signal === undefined ? {} : { signal }) });
  const length = Number(answer.headers.get('content-length'));
  return length > 0 ? length : undefined;
}

/**
 * Fetches a file. What came is held against the length, and against the checksum that Google's storage names with a file
 * (`x-goog-hash`), so that half a file is never taken for a whole one.
 * @throws LoamError when the server cannot be reached, or what came is not what it said
 */
export async function download(
  url: string,
  path: string,
  options: { readonly onProgress: (bytes: number, total?: number) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const { onProgress, signal } = options;
  const answer = await ask(url, signal === undefined ? {} : { signal });
  if (answer.body === null) throw brokenOff(url, 'The answer is empty.');
  const length = Number(answer.headers.get('content-length'));
  const md5 = /md5=([\w+/=]+)/.exec(answer.headers.get('x-goog-hash') ?? '')?.[1];
  const hash = createHash('md5');
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      onProgress(bytes, ...(length > 0 ? [length] : []));
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      Readable.from(answer.body),
      counter,
      createWriteStream(path),
      signal === undefined ? {} : { signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw explainSystemError(error, path) ?? brokenOff(url, 'The connection broke.', error);
  }
  if (length > 0 && bytes !== length) throw brokenOff(url, `${bytes} of ${length} bytes came.`);
  if (md5 !== undefined && hash.digest('base64') !== md5)
    throw brokenOff(url, 'What came has another checksum than the server said.');
}

async function ask(url: string, request: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    // Lengths and checksums are those of the file itself: nothing is to compress it on its way.
    answer = await fetch(url, { ...request, headers: { 'accept-encoding': 'identity' } });
  } catch (error) {
    request.signal?.throwIfAborted();
    throw new LoamError(
      {
        kind: 'environment',
        where: new URL(url).host,
        what: 'This address cannot be reached from here.',
        remedy: 'Fetch the file on another machine, and give it to Loam.',
      },
      { cause: error },
    );
  }
  if (answer.ok) return answer;
  throw new LoamError({
    kind: 'environment',
    where: url,
    what: `The server answered ${answer.status} ${answer.statusText}.`,
    remedy: 'Fetch the file on another machine, and give it to Loam.',
  });
}

function brokenOff(url: string, what: string, cause?: unknown): LoamError {
  return new LoamError(
    { kind: 'environment', where: url, what: `The download is not whole. ${what}`, remedy: 'Try it again.' },
    { cause },
  );
}

/** The bytes of several files together; undefined when a server does not say. */
export async function askSizes(urls: readonly string[], signal?: AbortSignal): Promise<number | undefined> {
  const sizes = await Promise.all(urls.map((url) => askSize(url, signal)));
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
