import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('a model is measured on the part kept aside; the result is listed, found and deleted', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/evaluate?checkpoint=${sample.run}@best` });
  await settled(page);
  await page.getByText('it is new to the model').waitFor();
  const rows = page.getByRole('table', { name: 'Results' }).getByRole('row').filter({ hasText: sample.run });
  const before = await rows.count();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(before + 1);
  await page.getByRole('textbox', { name: 'Search results' }).fill('nothing like this');
  await page.getByText('No result is like that.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await rows.first().getByRole('button', { name: 'Delete this result' }).click();
  await expect.poll(() => rows.count()).toBe(before);
});
