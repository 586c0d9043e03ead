import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteDataset, importDataset, listDatasets } from '../../../src/main/studio/datasets/datasets.ts';
import { whileSourcesStandStill } from '../../../src/main/studio/datasets/staging.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

test('two windows that change the sources at once wait for each other, and the host answers meanwhile', async () => {
  const order: string[] = [];
  let release = (): void => undefined;
  const first = whileSourcesStandStill(place.project, async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    order.push('first');
  });
  const second = whileSourcesStandStill(place.project, () => order.push('second'));
  // What is asked of the host meanwhile is answered: this timer runs while the second waits.
  await new Promise((resolve) => setTimeout(resolve, 60));
  order.push('answered');
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(['answered', 'first', 'second']);
});

test('two datasets deleted at once are both gone', async () => {
  for (const name of ['one', 'two'])
    await importDataset(place.project, { name, paths: [await place.write(`${name}.txt`, `Text ${name}.`)] });
  await Promise.all(['one', 'two'].map((name) => deleteDataset(place.project, name)));
  expect(listDatasets(place.project)).toEqual([]);
});
