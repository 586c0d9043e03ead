import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('a model is exported, the verdict and the lines that use it are shown, and an earlier export is replaced only when that is said', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/export?checkpoint=${sample.run}@best` });
  await settled(page);
  const start = page.getByRole('main').getByRole('button', { name: 'Export', exact: true });
  await start.click();
  await page.getByRole('button', { name: 'Show how to use it' }).click({ timeout: 60_000 });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('logits differ by at most').waitFor();
  expect(await dialog.getByLabel('How to use it').innerText()).toContain('pipeline(');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  // What was just made is no reason for a warning; only another export to the same place is.
  expect(await page.getByText(/earlier export/).count()).toBe(0);
  await start.click();
  const question = page.getByRole('alertdialog', { name: 'Replace the earlier export?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  await start.click();
  await question.getByRole('button', { name: 'Replace it' }).click();
  await question.waitFor({ state: 'detached' });
  await expect.poll(() => page.getByRole('button', { name: 'Show how to use it' }).count()).toBe(2);

  await page.getByRole('row').filter({ hasText: sample.run }).first().click();
  const folder = (await page.getByRole('dialog').locator('.font-mono').first().innerText()).trim();
  expect(folder.startsWith(join(project, 'exports'))).toBe(true);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete export' }).click();
  await expect.poll(() => existsSync(folder)).toBe(false);
});

test('where an export lies is copied from its row, and a browser says that it cannot open the folder', async ({
  open,
  project,
}) => {
  const { page, context } = await open({
    project,
    path: `/export?checkpoint=${sample.run}@best&format=safetensors`,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await settled(page);
  await page.getByRole('main').getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Show how to use it' }).waitFor({ timeout: 60_000 });
  const copy = page.getByRole('button', { name: `Copy the path ${join(project, 'exports')}` }).first();
  const folder = (await copy.getAttribute('aria-label'))?.replace('Copy the path ', '');
  await copy.click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(folder);
  // The row itself was not opened by that.
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByText('A browser cannot open folders').waitFor();
  expect(await page.getByRole('button', { name: 'Show in the file manager' }).count()).toBe(0);
});
