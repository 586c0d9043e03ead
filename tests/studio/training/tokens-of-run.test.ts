import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadObjective } from '../../../src/main/llm/objectives/registry.ts';
import { usualObjective } from '../../../src/shared/objectives/usual-objective.ts';
import { deleteTexts } from '../../../src/main/studio/datasets/delete-texts.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { openTokensOfRun } from '../../../src/main/studio/training/tokens-of-run.ts';
import { updateRun } from '../../../src/main/studio/store/runs.ts';
import { openTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let notices: string[];
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
  notices = [];
});
afterEach(() => place.remove());

async function open(): Promise<void> {
  const run = requireRun(place.project, 'a');
  const tokenizer = await openTokenizer(place.project, run.tokenizerName);
  const tokens = await openTokensOfRun(place.project, run, await loadObjective(usualObjective), tokenizer, {
    signal: new AbortController().signal,
    onNotice: (message) => notices.push(message),
  });
  tokens.close();
}

test('tokens that are gone are made again, the same, and it is said', async () => {
  const folder = place.project.paths.tokens(requireRun(place.project, 'a').tokensHash);
  const before = await readFile(join(folder, 'index.json'), 'utf8');
  await open();
  expect(notices).toEqual([]);
  await rm(folder, { recursive: true });
  await open();
  expect(notices).toEqual([expect.stringContaining('made again from the sources')]);
  expect(await readFile(join(folder, 'index.json'), 'utf8')).toBe(before);
});

test('where the texts were deleted too, it is said what is gone', async () => {
  updateRun(place.project.store, requireRun(place.project, 'a').id, { status: 'paused' });
  await deleteTexts(place.project, 'records');
  await expect(open()).rejects.toThrow(/dataset 'records': The texts were deleted/);
});
