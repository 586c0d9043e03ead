import { existsSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteRun } from '../../../src/main/studio/runs/runs.ts';
import { findRunRow } from '../../../src/main/studio/store/runs.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const spelling = (name: string) => findRunRow(place.project.store, name)?.name;

it('a name that an earlier version kept in another form of Unicode is found by any spelling, and so is its folder', async () => {
  const { project } = place;
  await prepareRuns(place, ['first', 'second', 'third']);
  // The Angstrom sign, and Hangul in parts, as macOS writes it: letters of which an earlier version's names could be made.
  const kept = ['\u212b', '\u1112\u1161\u11ab'] as const;
  for (const [index, from] of (['first', 'second'] as const).entries()) {
    const to = kept[index] ?? '';
    project.store.run(project.store.query.updateTable('runs').set({ name: to }).where('name', '=', from));
    renameSync(project.paths.run(from), project.paths.run(to));
  }
  for (const name of kept) {
    for (const asked of [name, name.normalize('NFC'), name.normalize('NFD')])
      expect(spelling(asked)).toBe(name);
    await deleteRun(project, name.normalize('NFC'));
    expect(existsSync(project.paths.run(name))).toBe(false);
    expect(spelling(name)).toBeUndefined();
  }
  expect(spelling('third')).toBe('third');
});

it('a name in any spelling means what is kept, its folder too', async () => {
  const { project } = place;
  await prepareRuns(place, ['caf\u00e9']);
  const typed = 'cafe\u0301';
  expect(spelling(typed)).toBe('caf\u00e9');
  await deleteRun(project, typed);
  expect(existsSync(project.paths.run('caf\u00e9'))).toBe(false);
});
