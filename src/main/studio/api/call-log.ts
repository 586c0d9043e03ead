import { join, resolve } from 'node:path';
import { ORPCError, ValidationError } from '@orpc/server';
import { openLog, type Log } from '../log.ts';
import { userFolder } from '../settings/user-folder.ts';
import type { Studio } from '../studio.ts';

export interface CalledProcedure {
  /** The procedure's name: `runs.start`. */
  readonly procedure: string;
  /** The folder of the project that the call named. */
  readonly project: string | undefined;
}

/** Where it is written that answering a page's call failed by a defect of the program; never what the call contained. */
export interface CallLog {
  defect(error: unknown, call: CalledProcedure): void;
  /** The file in which such a line is found. */
  fileFor(project: string | undefined): string;
}

/** Lines go to the log of the project that a call is about, where that is open, else to the person's own. */
export function createCallLog(studio: Studio): CallLog {
  const logFor = (folder: string | undefined): Log =>
    studio.openProjects().find(({ project }) => folder !== undefined && project.folder === resolve(folder))
      ?.project.log ?? openLog(join(userFolder(), 'logs', 'loam.jsonl'));
  return {
    defect: (error, { procedure, project }) => {
      const issues = describeIssues(error);
      logFor(project).error(error, { procedure, ...(issues === undefined ? {} : { issues }) });
    },
    fileFor: (folder) => logFor(folder).file,
  };
}

/** What of an answer did not fit the contract: the places and the rules, not the values. */
function describeIssues(error: unknown): string | undefined {
  if (!(error instanceof ORPCError && error.cause instanceof ValidationError)) return undefined;
  return error.cause.issues
    .slice(0, 5)
    .map(({ path = [], message }) => {
      const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
      return `${place}: ${message}`;
    })
    .join('; ');
}
