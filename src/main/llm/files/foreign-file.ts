import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import { readAll } from './atomic-file.ts';
import { fileError } from './file-errors.ts';

/**
 * Opens a file that somebody else may have made, to be read.
 * @throws LoamError when there is none, or it is no ordinary file: a pipe would be waited for for ever.
 */
export async function openForeignFile(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly bytes: number }> {
  try {
    // Without waiting, since opening a pipe waits for its writer. Windows has no such flag.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await handle.stat();
      if (status.isFile()) return { handle, bytes: status.size };
      if (status.isDirectory()) throw Object.assign(new Error(`${path} is a folder.`), { code: 'EISDIR' });
      throw new LoamError({
        kind: 'input',
        where: path,
        what: 'This is no ordinary file but a device or a pipe.',
        remedy: 'Name a file that can be read to its end.',
      });
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * The text of a UTF-8 file that somebody else may have written, read whole.
 * @param mostBytes one of `textFileLimits`
 * @throws LoamError when it cannot be read, is no ordinary file, or has more bytes than that.
 */
export async function readForeignText(path: string, mostBytes: number): Promise<string> {
  const { handle, bytes: size } = await openForeignFile(path);
  try {
    if (size > mostBytes)
      throw new LoamError({
        kind: 'input',
        where: path,
        what: `The file has ${size.toLocaleString('en')} bytes; a file of this kind is read up to ${mostBytes.toLocaleString('en')}.`,
        remedy: 'It is probably another file than its name says: take it from its source again.',
      });
    const bytes = new Uint8Array(size);
    const length = await readAll(handle, bytes, 0);
    // As `readFile` decodes: a byte-order mark is kept, and what is no UTF-8 becomes U+FFFD.
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length));
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await handle.close();
  }
}

/** As `readForeignText`. @returns undefined when there is no such file */
export async function readForeignTextIfThere(path: string, mostBytes: number): Promise<string | undefined> {
  return readForeignText(path, mostBytes).catch((error: unknown) => {
    if (error instanceof LoamError && error.cause instanceof Error && 'code' in error.cause)
      if (error.cause.code === 'ENOENT') return undefined;
    throw error;
  });
}
