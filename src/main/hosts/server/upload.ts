import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { projectHeader } from '../../../shared/rpc.ts';
import { fileNameHeader } from '../../../shared/uploads/upload.ts';
import type { CallLog } from '../../studio/api/call-log.ts';
import { describeFailure } from '../../studio/processes/worker-failure.ts';
import type { Studio } from '../../studio/studio.ts';
import { receiveUpload } from '../../studio/uploads/uploads.ts';

export interface UploadOptions {
  readonly studio: Studio;
  readonly log: CallLog;
  /** The largest file, in bytes; the studio's own limit unless given. */
  readonly limit?: number;
}

/**
 * Takes one file that a page sends and answers with the id under which it waits for its import. The bytes go to the disk
 * as they come: the sender is slowed down to the disk's speed, and memory holds some kilobytes of a file of any size.
 */
export async function handleUpload(
  context: Context<{ Bindings: HttpBindings }>,
  { studio, log, limit }: UploadOptions,
): Promise<Response> {
  let folder: string | undefined;
  try {
    folder = decodeHeader(context.req.header(projectHeader));
    if (folder === undefined)
      throw new LoamError({
        kind: 'misuse',
        what: 'No project is open.',
        remedy: 'Open a project first.',
      });
    const name = decodeHeader(context.req.header(fileNameHeader));
    const upload = await receiveUpload(studio.project(folder).project, {
      name: name ?? '',
      size: parseSize(context.req.header('content-length')),
      // Taken so, a failure leaves the connection open: the answer can still be sent.
      content: context.env.incoming.iterator({ destroyOnReturn: false }),
      ...(limit === undefined ? {} : { limit }),
    });
    return context.json(upload);
  } catch (error) {
    const failure = describeFailure(error);
    if (failure.kind === 'account') return context.json(failure.account satisfies ErrorAccount, 422);
    log.defect(error, { procedure: 'upload', project: folder });
    return context.json(
      {
        kind: 'environment',
        what: 'Something in Loam went wrong that should not.',
        remedy: `Try again. The details are in ${log.fileFor(folder)}.`,
      } satisfies ErrorAccount,
      500,
    );
  }
}

function decodeHeader(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    throw new LoamError({
      kind: 'misuse',
      what: 'The name of the file or project arrived damaged.',
      remedy: 'Reload the page and try again.',
    });
  }
}

function parseSize(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
