import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../src/main/studio/projects/projects.ts';
import { sampleText } from '../hosts/cli/loam.ts';
import { killAndCompare } from './killed-runs.ts';

test('fifty SIGKILLs at random moments leave no corrupt checkpoint, no broken store, and bitwise the same losses', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loam-kill-'));
  process.env.LOAM_HOME = join(folder, 'home');
  const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
  try {
    await writeFile(join(folder, 'records.txt'), sampleText(1000));
    await createProject(join(folder, 'project'));
    const project = openProject(join(folder, 'project'));
    await importDataset(project, { name: 'records', paths: [join(folder, 'records.txt')] });
    project.close();
    const kills = 50;
    const runs = await killAndCompare({
      folder: join(folder, 'project'),
      dataset: 'records',
      kills,
      steps: 400,
      between: [50, 2500],
      seed,
    });
    expect(runs).toBeGreaterThan(0);
    process.stdout.write(`${kills} kills over ${runs} runs (KILL_SEED=${seed})\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 1_800_000);
