import { implement, ORPCError } from '@orpc/server';
import type { RequestHeadersPluginContext } from '@orpc/server/plugins';
import { contract } from '../../shared/contract.ts';
import { LoamError } from '../../shared/errors.ts';
import { projectHeader } from '../../shared/rpc.ts';
import { describeFailure } from './jobs/worker-failure.ts';
import type { Project } from './projects/projects.ts';
import type { JobBoard } from './jobs/job-board.ts';
import type { Studio } from './studio.ts';

/** What a host gives along with each call; the headers say which project is meant. */
export interface CallContext extends RequestHeadersPluginContext {
  readonly studio: Studio;
}

/** An error as it crosses to a page: one for a person whole, a defect without its details. */
export function toPageError(error: unknown): Error {
  if (error instanceof ORPCError) return error;
  const failure = describeFailure(error);
  return failure.kind === 'account'
    ? new ORPCError('ACCOUNT', {
        status: 422,
        defined: true,
        message: new LoamError(failure.account).message,
        data: failure.account,
        cause: error,
      })
    : new ORPCError('INTERNAL_SERVER_ERROR', {
        message: 'Something in Loam went wrong that should not. The details are in its log.',
        cause: error,
      });
}

const base = implement(contract)
  .$context<CallContext>()
  .use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toPageError(error);
    }
  });

/** Procedures that need no project. */
export const withoutProject = base;

/** What procedures of a project are given. */
export interface ProjectContext {
  readonly project: Project;
  readonly jobs: JobBoard;
}

/** Procedures of the project that the call's header names. */
export const withProject = base.use(({ context, next }) => {
  const named = context.reqHeaders?.get(projectHeader);
  if (named === null || named === undefined)
    throw new LoamError({
      kind: 'misuse',
      what: 'No project is open.',
      remedy: 'Open a project first.',
    });
  return next({ context: context.studio.project(decodeURIComponent(named)) satisfies ProjectContext });
});
