import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../src/main/studio/projects/projects.ts';
import { sampleText } from '../hosts/cli/loam.ts';
import { killAndCompare } from '../kill/killed-runs.ts';
import type { FaultFigures } from './figures.ts';

/** Steps in which a killed run has some dozens of checkpoints and evaluations to be hit in. */
const steps = 400;

/**
 * Kills training processes at random moments and compares what their runs computed with a run that nobody killed, to the
 * bit: losses, evaluations, samples, weights and moments, each step once.
 * @param scale the number of kills.
 */
export async function kills(scale: number, seed: number): Promise<readonly FaultFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-kill-'));
  const home = process.env['LOAM_HOME'];
  process.env['LOAM_HOME'] = join(folder, 'home');
  const isShort = scale < 10;
  try {
    await writeFile(join(folder, 'records.txt'), sampleText(1000));
    await createProject(join(folder, 'project'));
    const project = openProject(join(folder, 'project'));
    await importDataset(project, { name: 'records', paths: [join(folder, 'records.txt')] });
    project.close();
    const runs = await killAndCompare({
      folder: join(folder, 'project'),
      dataset: 'records',
      kills: scale,
      steps: isShort ? 60 : steps,
      between: isShort ? [50, 1200] : [50, 2500],
      seed,
    });
    return [{ what: 'training', counts: { kills: scale, runs, differing: 0 }, failures: [] }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      { what: 'training', counts: { kills: scale, differing: 1 }, failures: [`seed ${seed}: ${reason}`] },
    ];
  } finally {
    if (home === undefined) delete process.env['LOAM_HOME'];
    else process.env['LOAM_HOME'] = home;
    await rm(folder, { recursive: true, force: true });
  }
}
