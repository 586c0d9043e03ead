import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleText } from '../hosts/cli/loam.ts';
import type { FaultFigures } from './figures.ts';
import { compilePreloadedLibrary, doDurableWork, notTried } from './preloaded-library.ts';
import { readChanges, type Change } from './power-cut.ts';
import { below, randomNumbers } from './random-numbers.ts';
import { findLosses } from './sound-project.ts';

const errors = [
  { what: 'one error of the disk (EIO)', code: constants.errno.EIO, on: false },
  { what: 'a disk that stays full (ENOSPC)', code: constants.errno.ENOSPC, on: true },
] as const;

/**
 * Lets a change of a file fail, at a random moment of making a project and training in it: a write, a flush, a new file, a
 * name. Right is that the work ends well or says in a sentence why not, that nothing that is there is damaged, and that it
 * comes to the same losses when it is done again.
 * @param scale the number of failures of each kind.
 */
export async function ioErrors(scale: number, seed: number): Promise<readonly FaultFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-errors-'));
  const home = process.env['LOAM_HOME'];
  process.env['LOAM_HOME'] = join(folder, 'home');
  try {
    const library = compilePreloadedLibrary(folder);
    if (library === undefined) return notTried('I/O errors');
    const text = join(folder, 'records.txt');
    writeFileSync(text, sampleText(300));
    const place = (name: string): string => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    const log = join(folder, 'changes');
    const wholePlace = place('whole');
    const whole = doDurableWork(wholePlace, text, { LD_PRELOAD: library, LOAM_RECORD_LOG: log });
    if (whole.status !== 0) throw new Error(`The work failed without a fault: ${whole.stderr}`);
    const changesOfWork = readChanges(readFileSync(log), wholePlace).filter(canFail).length;
    const random = randomNumbers(seed);
    const figures: FaultFigures[] = [];
    for (const { what, code, on } of errors) {
      const counts = { errors: 0, 'went on': 0, told: 0, damaged: 0, differing: 0 };
      const failures: string[] = [];
      for (let count = 0; count < scale; count++) {
        const at = 1 + below(random, changesOfWork);
        const root = place(`${code}-${count}`);
        const failed = doDurableWork(root, text, {
          LD_PRELOAD: library,
          LOAM_FAIL_AT: String(at),
          LOAM_FAIL_ERRNO: String(code),
          ...(on ? { LOAM_FAIL_ON: '1' } : {}),
        });
        const where = `error ${code} at change ${at} (seed ${seed})`;
        counts.errors += 1;
        if (failed.status === 0) counts['went on'] += 1;
        else if (failed.status === 1) counts.told += 1;
        else failures.push(`${where}: ${failed.stderr.slice(0, 500)}`);
        const losses = await findLosses(join(root, 'project'), []).catch((error: unknown) => [
          error instanceof Error ? error.message : String(error),
        ]);
        counts.damaged += losses.length;
        failures.push(...losses.map((loss) => `${where}: ${loss}`));
        const again = doDurableWork(root, text);
        if (again.stdout !== whole.stdout) {
          counts.differing += 1;
          failures.push(`${where}, done again: ${again.stdout} ${again.stderr.slice(0, 500)}`);
        }
        rmSync(root, { recursive: true, force: true });
      }
      figures.push({ what, counts, failures });
    }
    return figures;
  } finally {
    if (home === undefined) delete process.env['LOAM_HOME'];
    else process.env['LOAM_HOME'] = home;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether recorded-writes.c can let a change fail. */
export function canFail(change: Change): boolean {
  return change.kind === 'opened' ? !change.existed : change.kind !== 'removed';
}
