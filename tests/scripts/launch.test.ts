import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

test('Packages are not installed through a link, which would empty the folder that it leads to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loam-launch-'));
  try {
    const clone = join(folder, 'clone');
    const elsewhere = join(folder, 'packages');
    await mkdir(join(clone, 'scripts'), { recursive: true });
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'kept.txt'), 'kept');
    await writeFile(join(clone, 'package-lock.json'), '{}');
    await copyFile(
      resolve(import.meta.dirname, '../../scripts/launch.mjs'),
      join(clone, 'scripts', 'launch.mjs'),
    );
    await symlink(elsewhere, join(clone, 'node_modules'));
    const ended = spawnSync(process.execPath, [join(clone, 'scripts', 'launch.mjs'), 'check'], {
      encoding: 'utf8',
      env: { ...process.env, npm_execpath: join(folder, 'no-such-npm.js') },
    });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('node_modules is a link');
    expect(await readdir(elsewhere)).toEqual(['kept.txt']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
