import { useEffect, useState } from 'react';
import type { ErrorAccount } from '../../../shared/errors.ts';
import { accountOf } from '../../app/error-account.ts';
import { uploadFile } from '../../app/upload-file.ts';
import type { GivenFile } from './incoming.ts';

/** Files sent side by side: many small ones wait for the connection together. */
const atOnce = 3;

/** How far files are on their way to the studio. */
export interface Uploads {
  readonly done: boolean;
  /** Bytes. */
  readonly sent: number;
  readonly total: number;
  /** The file that was begun last, from 0. */
  readonly current: number;
  /** The files that wait at the studio, in the order in which they were given. */
  readonly waiting: readonly { readonly id: string; readonly name: string }[];
  /** Files that were not taken, and why. */
  readonly refused: readonly ErrorAccount[];
}

/** Sends files, from the moment that they are given; when the component goes, it stops. */
export function useUploads(files: readonly GivenFile[]): Uploads {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const nothing: Uploads = { done: files.length === 0, sent: 0, total, current: 0, waiting: [], refused: [] };
  const [uploads, setUploads] = useState(nothing);
  useEffect(() => {
    if (files.length === 0) return undefined;
    const stop = new AbortController();
    void sendAll(files, stop.signal, (progress) => {
      if (!stop.signal.aborted) setUploads({ ...progress, total });
    });
    return () => stop.abort();
  }, [files, total]);
  return uploads;
}

type Progress = Omit<Uploads, 'total'>;

async function sendAll(
  files: readonly GivenFile[],
  signal: AbortSignal,
  tell: (progress: Progress) => void,
): Promise<void> {
  const sent = files.map(() => 0);
  const ids = new Map<number, string>();
  const refused: ErrorAccount[] = [];
  let current = 0;
  const progress = (done: boolean): Progress => ({
    done,
    sent: sent.reduce((sum, bytes) => sum + bytes, 0),
    current,
    waiting: files.flatMap(({ name }, index) => {
      const id = ids.get(index);
      return id === undefined ? [] : [{ id, name }];
    }),
    refused,
  });
  const queue = files.entries();
  const sendSome = async (): Promise<void> => {
    // The iterator is shared: each file goes to whoever asks next.
    for (const [index, { file, name }] of queue) {
      if (signal.aborted) return;
      current = index;
      try {
        const id = await uploadFile(file, name, {
          signal,
          onProgress: (bytes) => {
            sent[index] = Math.min(bytes, file.size);
            tell(progress(false));
          },
        });
        ids.set(index, id);
      } catch (error) {
        if (signal.aborted) return;
        const account = accountOf(error);
        refused.push({ ...account, where: name });
      }
      sent[index] = file.size;
      tell(progress(false));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, sendSome));
  tell(progress(true));
}
