import { LoamError } from '../../../shared/errors.ts';

/** The error for memory that the machine has not got. @param byteLength of the block asked for, where that is known */
export function outOfMemory(byteLength: number | undefined, cause: unknown): LoamError {
  return new LoamError(
    {
      kind: 'environment',
      what:
        byteLength === undefined || byteLength < 2 ** 20
          ? 'There is not enough memory.'
          : `There is not enough memory for another ${(byteLength / 2 ** 20).toFixed(0)} MiB.`,
      remedy: 'Close other programs, or choose a smaller model, a shorter context or a smaller micro-batch.',
    },
    { cause },
  );
}
