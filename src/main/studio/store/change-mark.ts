import { hash } from 'node:crypto';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/**
 * A file beside the store that says how many changes of rows the store has seen, written after each transaction. A store
 * that says fewer lost transactions: its write-ahead log was removed, replaced or damaged (SQLite leaves out what stands
 * behind a damaged place in it without a word), or an older copy took its place.
 *
 * The mark is not flushed to the disk: after a power cut it may be behind the store, which says nothing, and never before it,
 * since it is written when the transaction is on the disk already.
 */
export interface ChangeMark {
  /** What the file says; undefined where there is none, or it is damaged itself. */
  read(): number | undefined;
  write(changes: number): void;
  close(): void;
}

const recordBytes = 16;

export const changeMarkFile = (storeFile: string): string => `${storeFile}-mark`;

/** Keeps nothing. */
export const noChangeMark: ChangeMark = {
  read: () => undefined,
  write: () => undefined,
  close: () => undefined,
};

/** Opens the mark beside a store. In a place that cannot be written nothing is kept. */
export function openChangeMark(storeFile: string, mode: 'read' | 'keep' = 'keep'): ChangeMark {
  const flags = mode === 'read' ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
  const descriptor = tryToOpen(changeMarkFile(storeFile), flags);
  if (descriptor === undefined) return noChangeMark;
  return {
    read: () => {
      const record = new Uint8Array(recordBytes);
      if (readSync(descriptor, record, 0, recordBytes, 0) !== recordBytes) return undefined;
      const changes = Number(new DataView(record.buffer).getBigUint64(0));
      return Buffer.compare(encode(changes), record) === 0 ? changes : undefined;
    },
    write: (changes) => {
      // A full disk must not fail a transaction that is kept already.
      try {
        writeSync(descriptor, encode(changes), 0, recordBytes, 0);
      } catch {
        return;
      }
    },
    close: () => closeSync(descriptor),
  };
}

function tryToOpen(file: string, flags: number): number | undefined {
  try {
    return openSync(file, flags, 0o600);
  } catch {
    return undefined;
  }
}

/** The number, and the first half of its hash: a record that was written in part, or in which a bit flipped, is none. */
function encode(changes: number): Uint8Array {
  const record = new Uint8Array(recordBytes);
  new DataView(record.buffer).setBigUint64(0, BigInt(changes));
  record.set(hash('sha256', record.subarray(0, 8), 'buffer').subarray(0, 8), 8);
  return record;
}
