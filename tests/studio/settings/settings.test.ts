import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeSettings, readSettings } from '../../../src/main/studio/settings/settings.ts';
import { userFolder } from '../../../src/main/studio/settings/user-folder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'loam-home-'));
  vi.stubEnv('LOAM_HOME', join(home, 'deep', 'inside'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('settings have defaults, are kept when they are changed, and may be changed one at a time', async () => {
  expect(await readSettings()).toEqual({ freeCores: 0, engine: 'auto', projectsFolder: '' });
  await changeSettings({ freeCores: 2 });
  expect(await readSettings()).toEqual({ freeCores: 2, engine: 'auto', projectsFolder: '' });
  await changeSettings({});
  expect(await readSettings()).toEqual({ freeCores: 2, engine: 'auto', projectsFolder: '' });
});

test('an unknown setting is refused with the nearest one, a value that does not fit with its key, and nothing changes', async () => {
  await expect(changeSettings({ freecore: 1 })).rejects.toThrow('Did you mean freeCores?');
  await expect(changeSettings({ freeCores: -1 })).rejects.toThrow('freeCores');
  await expect(changeSettings({ freeCores: 'many' })).rejects.toMatchObject({ kind: 'misuse' });
  expect(await readSettings()).toEqual({ freeCores: 0, engine: 'auto', projectsFolder: '' });
});

test('the folder for new projects is a whole path, or empty for the usual place', async () => {
  await expect(changeSettings({ projectsFolder: 'Loam' })).rejects.toThrow(/projectsFolder.*whole path/);
  for (const projectsFolder of ['/data/projects', 'D:\\Loam', '\\\\server\\share', ''])
    expect(await changeSettings({ projectsFolder })).toMatchObject({ projectsFolder });
});

test('a damaged settings file is told with its path', async () => {
  await changeSettings({ freeCores: 1 });
  writeFileSync(join(userFolder(), 'settings.json'), '{ "freeCores": ');
  await expect(readSettings()).rejects.toThrow(/settings\.json.*delete it/);
});

test('LOAM_HOME names the folder; else each system’s own place does', () => {
  expect(userFolder({ LOAM_HOME: '/x' })).toBe('/x');
  if (process.platform === 'linux') {
    expect(userFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/loam');
    expect(userFolder({})).toMatch(/\/\.local\/share\/loam$/);
  }
});
