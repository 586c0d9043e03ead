import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleText } from '../hosts/cli/loam.ts';
import type { FaultFigures } from './figures.ts';
import { compilePreloadedLibrary, doDurableWork, notTried } from './preloaded-library.ts';
import { below, randomNumbers } from './random-numbers.ts';
import { readChanges, stateAfterPowerCut, type PowerCut } from './power-cut.ts';
import { findLosses } from './sound-project.ts';

/** What a disk may have kept of what was not flushed. */
const cuts: readonly PowerCut[] = ['nothing', 'names', 'earlier names'];

/**
 * Records every change that making a project and training in it makes to files, cuts the power at random moments, and looks
 * whether what was done for good is there and all that is there is whole. Files that Loam writes itself and the store alike.
 * @param scale the number of moments.
 */
export async function lostWrites(scale: number, seed: number): Promise<readonly FaultFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-lost-'));
  const home = process.env['LOAM_HOME'];
  process.env['LOAM_HOME'] = join(folder, 'home');
  try {
    const library = compilePreloadedLibrary(folder);
    if (library === undefined) return notTried('dropped unsynced writes');
    const root = join(folder, 'recorded');
    mkdirSync(root);
    const text = join(folder, 'records.txt');
    writeFileSync(text, sampleText(300));
    const log = join(folder, 'changes');
    const work = doDurableWork(root, text, { LD_PRELOAD: library, LOAM_RECORD_LOG: log });
    if (work.status !== 0) throw new Error(`The work failed under the recorder: ${work.stderr}`);
    const changes = readChanges(readFileSync(log), root);
    const random = randomNumbers(seed);
    const moments = Array.from({ length: scale }, (_, at) =>
      // The end, and moments in between.
      at === 0 ? changes.length : below(random, changes.length + 1),
    );
    const figures: FaultFigures[] = [];
    for (const cut of cuts) {
      const failures: string[] = [];
      for (const moment of moments) {
        const place = join(folder, 'after');
        const marks = stateAfterPowerCut(changes.slice(0, moment), cut, place);
        const losses = await findLosses(join(place, 'project'), marks).catch((error: unknown) => [
          error instanceof Error ? error.message : String(error),
        ]);
        for (const loss of losses) failures.push(`${loss}, after change ${moment} (seed ${seed})`);
        rmSync(place, { recursive: true, force: true });
      }
      figures.push({
        what: `power cut that keeps ${cut} of what was not flushed`,
        counts: { 'power cuts': moments.length, losses: failures.length },
        failures,
      });
    }
    return figures;
  } finally {
    if (home === undefined) delete process.env['LOAM_HOME'];
    else process.env['LOAM_HOME'] = home;
    rmSync(folder, { recursive: true, force: true });
  }
}
