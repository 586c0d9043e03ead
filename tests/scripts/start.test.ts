import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { electronProgram, planElectron } from '../../scripts/start/electron-program.ts';
import { buildState } from '../../scripts/start/stale-build.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, minute: number): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  const moment = new Date(Date.UTC(2026, 0, 1, 12, minute));
  await utimes(file, moment, moment);
}

describe('The studio is built', () => {
  test('when it never was, and again when any source is newer', async () => {
    await write('src/renderer/main.tsx', 1);
    await write('package-lock.json', 1);
    expect(buildState(folder)).toBe('missing');
    await write('out/renderer/index.html', 5);
    expect(buildState(folder)).toBe('current');
    await write('src/main/studio/deep/down/service.ts', 6);
    expect(buildState(folder)).toBe('old');
    await write('out/renderer/index.html', 7);
    expect(buildState(folder)).toBe('current');
    await write('electron.vite.config.ts', 8);
    expect(buildState(folder)).toBe('old');
  });
});

describe('Electron', () => {
  test('is there when the package says where and the program is in that place', async () => {
    expect(electronProgram(folder, {})).toBeUndefined();
    await writeFile(join(folder, 'path.txt'), 'electron');
    expect(electronProgram(folder, {})).toBeUndefined();
    await write('dist/electron', 1);
    expect(electronProgram(folder, {})).toBe(join(folder, 'dist', 'electron'));
    await write('elsewhere/electron', 1);
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'elsewhere') })).toBe(
      join(folder, 'elsewhere', 'electron'),
    );
  });

  test('is never fetched without asking, and is asked for once', () => {
    const absent = { wants: undefined, present: false, canAsk: true, declinedBefore: false } as const;
    expect(planElectron({ ...absent, present: true })).toBe('use');
    expect(planElectron(absent)).toBe('ask');
    expect(planElectron({ ...absent, declinedBefore: true })).toBe('browser');
    expect(planElectron({ ...absent, declinedBefore: true, wants: 'window' })).toBe('ask');
    expect(planElectron({ ...absent, canAsk: false })).toBe('browser');
    expect(planElectron({ ...absent, canAsk: false, wants: 'window' })).toBe('browser');
    expect(planElectron({ ...absent, present: true, wants: 'browser' })).toBe('browser');
  });
});
