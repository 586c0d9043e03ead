import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { OwnedRoot } from '../../llm/files/owned-files.ts';
import { acquireLock, isLocked, removeLockFile, type ProcessLock } from '../processes/process-lock.ts';

/**
 * Which processes of this machine have a pack's libraries loaded, of whatever host: each holds a lock of its own, which
 * goes with the process.
 */
const usesFolder = (pack: string): string => join(dirname(pack), '..', 'locks', `${basename(pack)}-in-use`);

/** The locks of a pack's users, each of a random name. */
const ownLocks = (pack: string): OwnedRoot => ({
  folder: usesFolder(pack),
  owns: ([name = '', ...below]) => /\.lock(\.holder\.json)?$/.test(name) && below.length === 0,
});

/** Packs that this process has loaded: a library that was once loaded stays until the process ends. */
const used = new Set<string>();

/** Says that this process uses a pack, until it ends. */
export function usePack(folder: string): void {
  if (used.has(folder)) return;
  const file = join(usesFolder(folder), `${randomUUID()}.lock`);
  let lock: ProcessLock | undefined;
  try {
    lock = acquireLock(file, 'computing');
  } catch {
    // Where this cannot be noted, because the person's folder is read-only, the pack cannot be removed either.
  }
  if (lock === undefined) return;
  used.add(folder);
  process.once('exit', () => {
    lock?.release();
    removeLockFile(ownLocks(folder), file);
  });
}

/** So old a file that nobody holds is what a killed process left; a younger one may be about to be held. Milliseconds. */
const leftoverAge = 60_000;

/** Whether a process computes with a pack now. */
export function isPackInUse(folder: string): boolean {
  const uses = usesFolder(folder);
  if (!existsSync(uses)) return false;
  let inUse = false;
  for (const name of readdirSync(uses).filter((each) => each.endsWith('.lock'))) {
    const file = join(uses, name);
    if (isLocked(file)) inUse = true;
    else if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > leftoverAge)
      removeLockFile(ownLocks(folder), file);
  }
  return inUse;
}

/** @throws LoamError when a process computes with a pack now, so that it may be neither removed nor replaced */
export function requireUnused(folder: string): void {
  if (isPackInUse(folder))
    throw new LoamError({
      kind: 'input',
      what: 'The engine is in use on this machine: a run trains, or a model is loaded, with it.',
      remedy:
        'Pause the run, or wait until what is written or evaluated is done and the model is let go of, then try again.',
    });
}
