import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeTinyModel } from './writing/tiny-model.ts';

const main = resolve(import.meta.dirname, '../../src/main/hosts/cli/main.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-permissions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Runs commands one after the other as a person whose own files others may read. */
function loam(...commands: readonly (readonly string[])[]): void {
  const quote = (word: string): string => `'${word}'`;
  const lines = commands.map((words) => [process.execPath, main, ...words, '--quiet'].map(quote).join(' '));
  execFileSync('/bin/sh', ['-c', `umask 022; ${lines.join(' && ')}`], {
    env: { ...process.env, LOAM_HOME: join(folder, 'home') },
  });
}

it.skipIf(process.platform === 'win32')(
  'what lies in a project and in the person’s folder is for its owner alone; what is written elsewhere is like the person’s other files',
  async () => {
    await writeFile(join(folder, 'text.txt'), 'The pump was inspected on Monday. '.repeat(100));
    await writeTinyModel(join(folder, 'tiny'));
    const project = join(folder, 'projects', 'one');
    loam(
      ['init', project],
      ['dataset', 'import', 'records', join(folder, 'text.txt'), '--project', project],
      ['export', join(folder, 'tiny'), '--format', 'safetensors', '--out', join(folder, 'shared', 'model')],
    );
    const modes = new Map<string, string>();
    for (const place of ['projects', 'home']) {
      for (const entry of await readdir(join(folder, place), { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        modes.set(path, `${entry.isDirectory() ? 'folder' : 'file'} ${modeOf(path)}`);
      }
    }
    expect(new Set(modes.values())).toEqual(new Set(['folder 700', 'file 600']));
    expect([...modes.keys()].some((path) => path.endsWith('.lock'))).toBe(true);
    expect([...modes.keys()].some((path) => path.endsWith('loam.sqlite'))).toBe(true);
    expect(modeOf(join(folder, 'shared'))).toBe('755');
    expect(modeOf(join(folder, 'shared', 'model'))).toBe('755');
    expect(modeOf(join(folder, 'shared', 'model', 'model.safetensors'))).toBe('644');
    expect(modeOf(join(folder, 'shared', 'model', 'loam-export.json'))).toBe('644');
  },
);
