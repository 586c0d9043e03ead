import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { importDataset, listDatasets } from '../../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';

const asRoot = (command: string, ...words: string[]): void =>
  void execFileSync(command, words, { stdio: 'ignore' });

/** A tiny file system of its own, where this machine lets a test mount one (Linux, as root). */
function mountSmallDisk(folder: string): boolean {
  try {
    asRoot('mount', '-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder);
    return true;
  } catch {
    return false;
  }
}

test('A disk that fills up while files are copied, or while their documents are read, is told, and what was there stays (skipped where a small disk cannot be mounted: root on Linux only)', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'loam-full-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  const disk = join(folder, 'disk');
  await mkdir(disk);
  try {
    if (!mountSmallDisk(disk)) context.skip('Only root can mount a small disk.');
    try {
      await createProject(join(disk, 'project'));
      const project = openProject(join(disk, 'project'));
      const small = join(folder, 'small.txt');
      await writeFile(small, 'a text');
      await importDataset(project, { name: 'kept', paths: [small], withIndex: true });
      const lying = async (): Promise<readonly (readonly string[])[]> =>
        Promise.all(
          ['sources', 'documents', 'staging'].map((each) =>
            readdir(join(project.folder, each)).catch(() => []),
          ),
        );
      const before = await lying();
      // The first is copied but has no room for its index, the second does not even fit.
      for (const [lines, what] of [
        [50_000, /^The disk is full/],
        [150_000, /^The files take \d+ MB, but the project's disk has \d+ MB/],
      ] as const) {
        const large = join(folder, 'large.csv');
        await writeFile(large, `text\n${`${'words in a line '.repeat(4)}\n`.repeat(lines)}`);
        await expect(
          importDataset(project, { name: 'large', paths: [large], withIndex: true }),
        ).rejects.toMatchObject({ kind: 'environment', what: expect.stringMatching(what) });
        expect(await lying()).toEqual(before);
      }
      expect(listDatasets(project).map(({ name }) => name)).toEqual(['kept']);
      project.close();
    } finally {
      asRoot('umount', '-l', disk);
    }
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  }
});
