import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = resolve(import.meta.dirname, '../../../src/main/hosts/cli/main.ts');

/** Whether the kernel's system calls can be watched here. */
const canTrace = spawnSync('strace', ['-f', '-qq', '-e', 'trace=network', 'true']).status === 0;
const ifNot = canTrace
  ? ''
  : ' (skipped: strace, which watches system calls, is not installed or may not trace)';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-connections-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A bare home, and none of the variables by which telemetry is switched off for tests and in continuous integration. */
function personsEnvironment(): NodeJS.ProcessEnv {
  const unset = /^(CI|ORT_.*|LOAM_.*|XDG_.*|VITEST.*|NODE_.*|GITHUB_.*|TF_BUILD|JENKINS_URL|BUILD_.*)$/;
  const kept = Object.entries(process.env).filter(([name]) => !unset.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'temporary'),
    LOAM_HOME: join(folder, 'loam'),
  };
}

/** Runs Node and everything that it starts under strace. @returns how it failed, and its network calls, one a line. */
async function trace(name: string, words: readonly string[]) {
  const file = join(folder, `${name}.trace`);
  for (const place of ['home', 'temporary']) await mkdir(join(folder, place), { recursive: true });
  const strace = ['-f', '-qq', '-e', 'trace=network', '-o', file, process.execPath, ...words];
  const ended = await new Promise<{ readonly failure: Error | null; readonly stderr: string }>((resolved) => {
    execFile('strace', strace, { cwd: folder, env: personsEnvironment() }, (failure, _stdout, stderr) =>
      resolved({ failure, stderr }),
    );
  });
  return { ...ended, calls: (await readFile(file, 'utf8')).split('\n') };
}

/** The calls that name an internet address other than this machine's own, as strace prints addresses. */
const callsBeyondThisMachine = (calls: readonly string[]): readonly string[] =>
  calls.filter(
    (call) =>
      /\b(connect|sendto|sendmsg|sendmmsg)\(/.test(call) &&
      /AF_INET6?\b/.test(call) &&
      !/inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/.test(call),
  );

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
