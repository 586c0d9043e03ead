import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useOneCore } from '../../one-core.ts';
import {
  callsBeyondThisMachine,
  canTrace,
  ifNotTraced as ifNot,
  personsEnvironment,
  tracing,
} from '../network-calls.ts';

const main = resolve(import.meta.dirname, '../../../src/main/hosts/cli/main.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-connections-'));
  await useOneCore(join(folder, 'loam'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs Node and everything that it starts under strace. @returns how it failed, and its network calls, one a line. */
async function trace(name: string, words: readonly string[]) {
  const file = join(folder, `${name}.trace`);
  for (const place of ['home', 'temporary']) await mkdir(join(folder, place), { recursive: true });
  const [strace, ...options] = tracing(file);
  const ended = await new Promise<{ readonly failure: Error | null; readonly stderr: string }>((resolved) => {
    execFile(
      strace,
      [...options, process.execPath, ...words],
      { cwd: folder, env: personsEnvironment(folder) },
      (failure, _stdout, stderr) => resolved({ failure, stderr }),
    );
  });
  return { ...ended, calls: (await readFile(file, 'utf8')).split('\n') };
}

test.skipIf(!canTrace)(
  `the watch sees a connection beyond this machine, and none to itself${ifNot}`,
  async () => {
    // Connecting a datagram socket sends nothing; the address is one that is reserved for documentation (RFC 5737).
    const connect = (address: string) =>
      `const s = require('node:dgram').createSocket('udp4'); s.connect(9, '${address}', () => s.close());`;
    const beyond = await trace('beyond', ['-e', connect('192.0.2.1')]);
    expect(callsBeyondThisMachine(beyond.calls)).toHaveLength(1);
    const within = await trace('within', ['-e', connect('127.0.0.1')]);
    expect(within.calls.join('\n')).toContain('127.0.0.1');
    expect(callsBeyondThisMachine(within.calls)).toEqual([]);
  },
);

test.skipIf(!canTrace)(
  `the quickstart opens no connection, and no library leaves a file in the home or among the temporary files${ifNot}`,
  { timeout: 300_000 },
  async () => {
    const { failure, stderr, calls } = await trace('quickstart', [
      main,
      'quickstart',
      'project',
      '--steps',
      '20',
    ]);
    expect(failure, stderr).toBeNull();
    // The pipes between its processes are seen: the workers are watched too.
    expect(new Set(calls.map((call) => call.split(' ')[0])).size).toBeGreaterThan(3);
    expect(callsBeyondThisMachine(calls)).toEqual([]);
    // Loam's own folder lies elsewhere, so that whatever is left here is another's: ONNX Runtime's telemetry keeps a file.
    for (const place of ['home', 'temporary'])
      expect(await readdir(join(folder, place), { recursive: true }), place).toEqual([]);
  },
);
