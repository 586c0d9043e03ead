import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleText } from '../hosts/cli/loam.ts';
import { canFail } from './io-errors.ts';
import { readChanges, type Change } from './power-cut.ts';
import { compilePreloadedLibrary, doDurableWork } from './preloaded-library.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-creation-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The numbers of the changes that write into the new store's own file, while it has another name. */
function changesOfNewStore(changes: readonly Change[]): readonly number[] {
  const paths = new Map<number, string>();
  const numbers: number[] = [];
  let number = 0;
  for (const change of changes) {
    if (change.kind === 'opened') paths.set(change.opening, change.path);
    if (canFail(change)) number += 1;
    if (change.kind === 'written' && /\.loam\.sqlite\.partial-\w+$/.test(paths.get(change.opening) ?? ''))
      numbers.push(number);
  }
  return numbers;
}

test('a new store that the disk refuses any page of does not become a project', ({ skip }) => {
  const library = compilePreloadedLibrary(folder);
  if (library === undefined) return skip('It needs Linux and a C compiler.');
  const text = join(folder, 'records.txt');
  writeFileSync(text, sampleText(20));
  const log = join(folder, 'changes');
  const work = (name: string, environment: Readonly<Record<string, string>>) => {
    mkdirSync(join(folder, name), { recursive: true });
    return doDurableWork(join(folder, name), text, environment);
  };
  const whole = work('whole', { LD_PRELOAD: library, LOAM_RECORD_LOG: log });
  const numbers = changesOfNewStore(readChanges(readFileSync(log), join(folder, 'whole')));
  expect(numbers.length).toBeGreaterThan(10);
  const names = [numbers[1]!, numbers.at(-1)!].map(String);
  for (const name of names) {
    const failed = work(name, {
      LD_PRELOAD: library,
      LOAM_FAIL_AT: name,
      LOAM_FAIL_ERRNO: String(constants.errno.EIO),
    });
    expect(failed.status, failed.stderr).toBe(1);
    expect(existsSync(join(folder, name, 'project', 'loam.sqlite'))).toBe(false);
  }
  expect(work(names[0]!, {}).stdout).toBe(whole.stdout);
});
