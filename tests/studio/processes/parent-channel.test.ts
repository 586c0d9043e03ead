import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeMessage, parentOption } from '../../../src/main/studio/processes/parent-channel.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

/** The double of Electron's `process.parentPort`, over Node's channel. */
const parentPort = new URL('../../hosts/electron/double/parent-port.mjs', import.meta.url).href;

let folder: string;
let parent: ChildProcess;
let worker: ChildProcess;
const messages: unknown[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-parent-'));
  // Stands in for Electron's main process: it lives until it is killed.
  parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  worker = fork(
    fileURLToPath(new URL('./echo-worker.ts', import.meta.url)),
    [parentOption, String(parent.pid)],
    {
      execArgv: ['--import', parentPort, '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  messages.length = 0;
  worker.on('message', (message) => messages.push(message));
});
afterEach(() => {
  parent.kill('SIGKILL');
  worker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const ended = () =>
  new Promise<number | null>((resolve) => void worker.once('exit', (code) => resolve(code)));
const call = (procedure: string, parameters: unknown) =>
  worker.send({ type: 'call', id: 1, procedure, parameters });

describe('A worker that Electron started', () => {
  test('answers over its parent’s port, with values of every kind', async () => {
    const value = { numbers: Float32Array.of(1.5, Number.NaN), text: 'ä🙂' };
    call('echo', value);
    await expect.poll(() => messages.at(-1), patience).toEqual({ type: 'result', id: 1, result: value });
  });

  test('stops its work as abandoned and exits when its parent dies', async () => {
    const file = join(folder, 'reason');
    call('waitForStop', { file });
    await expect.poll(() => messages, patience).toContainEqual({ type: 'event', id: 1, event: 'ready' });
    const exit = ended();
    parent.kill('SIGKILL');
    expect(await exit).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('abandoned');
  });

  test('stops and exits when its parent closes the channel', async () => {
    const file = join(folder, 'reason');
    call('waitForStop', { file });
    await expect.poll(() => messages, patience).toContainEqual({ type: 'event', id: 1, event: 'ready' });
    const exit = ended();
    worker.send(closeMessage);
    expect(await exit).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('abandoned');
  });

  test('stays while its parent lives', async () => {
    call('waitForStop', { file: join(folder, 'reason') });
    await expect.poll(() => messages, patience).toContainEqual({ type: 'event', id: 1, event: 'ready' });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(worker.exitCode).toBeNull();
  });
});
