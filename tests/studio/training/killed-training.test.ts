import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { killAndCompare } from '../../kill/killed-runs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-kill-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('a run whose worker is killed three times has bitwise the losses of a run that was not', async () => {
  await writeFile(join(folder, 'records.txt'), sampleText(400));
  await createProject(join(folder, 'project'));
  const project = openProject(join(folder, 'project'));
  await importDataset(project, { name: 'records', paths: [join(folder, 'records.txt')] });
  project.close();
  const runs = await killAndCompare({
    folder: join(folder, 'project'),
    dataset: 'records',
    kills: 3,
    steps: 120,
    between: [300, 1500],
    seed: 7,
  });
  expect(runs).toBeGreaterThan(0);
});
