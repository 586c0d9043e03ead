import { LoamError } from '../../../shared/errors.ts';
import { explainSystemError } from '../system-errors.ts';
import type { Failure } from './worker-protocol.ts';

/** An error as it travels between processes. */
export function describeFailure(error: unknown): Failure {
  const explained = explainSystemError(error);
  if (explained !== undefined) {
    const { kind, what, where, remedy, action } = explained;
    return {
      kind: 'account',
      account: {
        kind,
        what,
        remedy,
        ...(where === undefined ? {} : { where }),
        ...(action === undefined ? {} : { action }),
      },
    };
  }
  return error instanceof Error
    ? { kind: 'defect', message: error.message, stack: error.stack }
    : { kind: 'defect', message: String(error), stack: undefined };
}

/** Turns a failure back into the error that it was. */
export function restoreFailure(failure: Failure): Error {
  if (failure.kind === 'account') return new LoamError(failure.account);
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
