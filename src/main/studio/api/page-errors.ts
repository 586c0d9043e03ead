import { ORPCError, ValidationError } from '@orpc/server';
import type { z } from 'zod';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { describeFailure } from '../processes/worker-failure.ts';

/** An error as it crosses to a page: one for a person whole, a defect of the program without its details. */
export function toPageError(error: unknown): Error {
  if (error instanceof ORPCError) return toRefusal(error) ?? error;
  const failure = describeFailure(error);
  return failure.kind === 'account'
    ? accountError(failure.account, error)
    : new ORPCError('INTERNAL_SERVER_ERROR', {
        message: 'Something in Loam went wrong that should not. The details are in its log.',
        cause: error,
      });
}

/** Whether what a page is told of an error is no more than that there was a defect. */
export function isDefect(pageError: Error): boolean {
  return pageError instanceof ORPCError && pageError.status >= 500;
}

function accountError(account: ErrorAccount, cause: unknown): Error {
  return new ORPCError('ACCOUNT', {
    status: 422,
    defined: true,
    message: new LoamError(account).message,
    data: account,
    cause,
  });
}

/** An input that its schema refuses, in words: which value, and what it must be. */
function toRefusal(error: ORPCError<string, unknown>): Error | undefined {
  if (error.code !== 'BAD_REQUEST' || !(error.cause instanceof ValidationError)) return undefined;
  const [issue] = error.cause.issues;
  if (issue === undefined) return undefined;
  const where = (issue.path ?? [])
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .join('.');
  return accountError(
    {
      kind: 'misuse',
      ...(where === '' ? {} : { where }),
      what: plainIssue(issue as z.core.$ZodRawIssue) ?? sentence(issue.message),
      remedy: 'Correct it and try again.',
    },
    error,
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
