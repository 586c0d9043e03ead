import { mapEventIterator } from '@orpc/client';
import { implement } from '@orpc/server';
import type { RequestHeadersPluginContext } from '@orpc/server/plugins';
import { contract } from '../../../shared/contract.ts';
import { LoamError } from '../../../shared/errors.ts';
import { projectHeader } from '../../../shared/rpc.ts';
import { createCallLog } from './call-log.ts';
import type { ReplyWriting } from '../chats/reply-writing.ts';
import type { ReadingService } from '../reading/reading-service.ts';
import type { Project } from '../projects/projects.ts';
import { inProject } from '../projects/reading-only.ts';
import type { JobBoard } from '../jobs/job-board.ts';
import { isDefect, toPageError } from './page-errors.ts';
import { isStream } from './streams.ts';
import type { Studio } from '../studio.ts';

/** What a host gives along with each call; the headers say which project is meant. */
export interface CallContext extends RequestHeadersPluginContext {
  readonly studio: Studio;
}

const base = implement(contract)
  .$context<CallContext>()
  .use(async ({ next, context, path, signal }) => {
    const toPage = (error: unknown): Error => {
      const pageError = toPageError(error);
      // Work that was given up because its page no longer waits fails by being given up.
      if (isDefect(pageError) && signal?.aborted !== true)
        createCallLog(context.studio).defect(error, {
          procedure: path.join('.'),
          project: namedProject(context),
        });
      return pageError;
    };
    try {
      const result = await next();
      // What fails while a stream is being read has left this call long ago.
      return isStream(result.output)
        ? {
            ...result,
            output: mapEventIterator(result.output, {
              value: async (value) => value,
              error: async (error) => toPage(error),
            }),
          }
        : result;
    } catch (error) {
      throw toPage(error);
    }
  });

/** Procedures that need no project. */
export const withoutProject = base;

/** What procedures of a project are given. */
export interface ProjectContext {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly reading: ReadingService;
  readonly writing: ReplyWriting;
}

/** Procedures of the project that the call's header names. */
export const withProject = base.use(async ({ context, next }) => {
  const named = namedProject(context);
  if (named === undefined)
    throw new LoamError({
      kind: 'misuse',
      what: 'No project is open.',
      remedy: 'Open a project first.',
    });
  const opened = context.studio.project(named) satisfies ProjectContext;
  try {
    return await next({ context: opened });
  } catch (error) {
    throw inProject(opened.project, error);
  }
});

/** The project that a call names; one whose name arrived damaged is none. */
function namedProject({ reqHeaders }: CallContext): string | undefined {
  try {
    const header = reqHeaders?.get(projectHeader) ?? undefined;
    return header === undefined ? undefined : decodeURIComponent(header);
  } catch {
    return undefined;
  }
}
