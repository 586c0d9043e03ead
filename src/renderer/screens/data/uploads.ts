import { useEffect, useState } from 'react';
import type { ErrorAccount } from '../../../shared/errors.ts';
import { accountOf } from '../../client/error-account.ts';
import { uploadFile } from '../../client/upload-file.ts';
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
  /** The files that wait at the studio; when it is done, in the order in which they were given. */
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

/** How often a page is told how far it is, in milliseconds: a folder may have a hundred thousand files. */
const progressInterval = 100;

/**
 * Sends files, some side by side, and tells how far it is; at last what became of all.
 * @param send sends one; a test may give another.
 */
export async function sendAll(
  files: readonly GivenFile[],
  signal: AbortSignal,
  tell: (progress: Progress) => void,
  send: typeof uploadFile = uploadFile,
): Promise<void> {
  let sent = 0;
  let current = 0;
  let toldAt = -Infinity;
  const waiting: { readonly index: number; readonly id: string; readonly name: string }[] = [];
  const refused: ErrorAccount[] = [];
  const progress = (): void => {
    const now = performance.now();
    if (now - toldAt < progressInterval) return;
    toldAt = now;
    tell({ done: false, sent, current, waiting, refused });
  };
  const queue = files.entries();
  const sendSome = async (): Promise<void> => {
    // The iterator is shared: each file goes to whoever asks next.
    for (const [index, { file, name }] of queue) {
      if (signal.aborted) return;
      current = index;
      let sentOfIt = 0;
      const count = (bytes: number): void => {
        sent += bytes - sentOfIt;
        sentOfIt = bytes;
        progress();
      };
      try {
        const id = await send(file, name, {
          signal,
          onProgress: (bytes) => count(Math.min(bytes, file.size)),
        });
        waiting.push({ index, id, name });
      } catch (error) {
        if (signal.aborted) return;
        refused.push({ ...accountOf(error), where: name });
      }
      count(file.size);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, sendSome));
  const inOrder = waiting.toSorted((a, b) => a.index - b.index);
  tell({ done: true, sent, current, waiting: inOrder, refused });
}
