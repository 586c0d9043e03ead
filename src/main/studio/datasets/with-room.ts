import { LoamError } from '../../../shared/errors.ts';

/**
 * Writes that something was deleted, and then its files go; where the disk is too full to write it, the files go first.
 * @param write a transaction, which checks that it may be deleted
 * @param makeRoom removes files of what is deleted; asked once, and only for want of room
 * @throws LoamError when there is no room afterwards either, and whatever `write` throws
 */
export async function withRoom<Result>(write: () => Result, makeRoom: () => Promise<void>): Promise<Result> {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof LoamError) || error.action?.do !== 'freeSpace') throw error;
    await makeRoom();
    return write();
  }
}
