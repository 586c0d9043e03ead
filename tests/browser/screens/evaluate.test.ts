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

test('two measurements are made one after the other; the last is told in words, and its table fits a laptop’s window', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/evaluate?checkpoint=${sample.run}@best` });
  await settled(page);
  const measure = page.getByRole('button', { name: 'Measure', exact: true });
  const table = page.getByRole('table', { name: 'Results' });
  const rows = table.getByRole('row').filter({ hasText: sample.run });
  const before = await rows.count();
  await measure.click();
  await page.getByRole('main').getByRole('button', { name: 'Stop' }).waitFor();
  await measure.click();
  await page.getByRole('main').getByText('Waiting for another evaluation').waitFor();
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(before + 2);
  // A result is kept before its job has ended.
  const stops = page.getByRole('main').getByRole('button', { name: 'Stop' });
  await expect.poll(() => stops.count(), { timeout: 60_000 }).toBe(0);
  await page.getByText(/on service-desk \(kept aside\): Bits per byte [\d.]+/).waitFor();
  expect(await page.getByText(/merely counting which token follows which/).count()).toBe(1);
  const hidden = await table.evaluate(
    ({ parentElement: box }) => (box?.scrollWidth ?? 0) - (box?.clientWidth ?? 0),
  );
  expect(hidden).toBe(0);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText(/merely counting which token follows which/).waitFor({ state: 'detached' });
});
