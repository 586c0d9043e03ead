import type { ErrorKind } from '../../../shared/errors.ts';

/** How a command ends, for scripts. */
export const exitCodes = { done: 0, failed: 1, misuse: 2, interrupted: 130 } as const;

export function exitCodeOf(kind: ErrorKind): number {
  switch (kind) {
    case 'misuse':
      return exitCodes.misuse;
    case 'input':
    case 'environment':
      return exitCodes.failed;
    case 'interrupted':
      return exitCodes.interrupted;
    default:
      return kind satisfies never;
  }
}
