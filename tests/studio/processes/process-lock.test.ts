import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock, isLocked, readLockHolder } from '../../../src/main/studio/processes/process-lock.ts';

let folder: string;
let file: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-lock-'));
  file = join(folder, 'locks', 'a.lock');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that takes the lock and keeps it. */
async function startHolder(): Promise<ChildProcess> {
  const script = join(folder, 'holder.mts');
  const module = resolve(import.meta.dirname, '../../../src/main/studio/processes/process-lock.ts');
  writeFileSync(
    script,
    `import { acquireLock } from ${JSON.stringify(module)};
     const lock = acquireLock(${JSON.stringify(file)}, 'a test', 5000);
     process.send(lock === undefined ? 'busy' : 'held');
     process.on('message', () => { lock?.release(); process.send('released'); });
     setInterval(() => {}, 1000);`,
  );
  const child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  expect(await once(child, 'message')).toEqual(['held', undefined]);
  return child;
}

test('a lock that another process holds cannot be had, and says who holds it', async () => {
  const holder = await startHolder();
  expect(acquireLock(file, 'mine', 0)).toBeUndefined();
  expect(isLocked(file)).toBe(true);
  expect(readLockHolder(file)).toMatchObject({ pid: holder.pid, what: 'a test' });
});

test('a lock that is released can be had at once, and leaves nothing but its file', async () => {
  const holder = await startHolder();
  const released = once(holder, 'message');
  holder.send('release');
  await released;
  expect(isLocked(file)).toBe(false);
  expect(readLockHolder(file)).toBeUndefined();
  const lock = acquireLock(file, 'mine', 0);
  expect(lock).toBeDefined();
  lock?.release();
  expect(readdirSync(join(folder, 'locks'))).toEqual(['a.lock']);
});

test('a lock whose process is killed by SIGKILL is free when the process is gone', async () => {
  const holder = await startHolder();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(isLocked(file)).toBe(false);
  const lock = acquireLock(file, 'mine', 0);
  expect(lock).toBeDefined();
  lock?.release();
});

test('a lock is exclusive within one process too, and may be released twice', () => {
  const lock = acquireLock(file, 'first');
  expect(acquireLock(file, 'second', 0)).toBeUndefined();
  lock?.release();
  lock?.release();
  expect(acquireLock(file, 'third', 0)).toBeDefined();
});

test('looking at a lock does not keep anybody from taking it', () => {
  for (let time = 0; time < 200; time++) {
    expect(isLocked(file)).toBe(false);
    const lock = acquireLock(file, 'mine');
    expect(lock).toBeDefined();
    expect(isLocked(file)).toBe(true);
    lock?.release();
  }
});

test('a lock that was never taken is free', () => {
  expect(isLocked(file)).toBe(false);
  expect(readLockHolder(file)).toBeUndefined();
});
