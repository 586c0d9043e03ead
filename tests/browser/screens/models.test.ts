import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';
import { writeTinyModel } from '../../studio/writing/tiny-model.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('a model is looked at, named, and leads on to writing', async ({ open, project }) => {
  const { page } = await open({ project, path: '/models' });
  await settled(page);
  await page.getByRole('row').filter({ hasText: sample.run }).first().click();
  const details = page.getByRole('complementary', { name: new RegExp(sample.run) });
  await details.getByText('Parameters by part').waitFor();
  await details.getByRole('link', { name: sample.run }).waitFor();
  await details.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Name it' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Our first');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row').filter({ hasText: 'Our first' }).waitFor();
  await page.getByRole('complementary').getByRole('link', { name: 'Write' }).click();
  await expect
    .poll(() => page.getByRole('main').getByRole('combobox', { name: 'Model' }).inputValue())
    .toBe('Our first');
});

test('a model folder is imported, and deleted with what that frees; a folder that is none is refused in words', async ({
  open,
  place,
  project,
}) => {
  const folder = join(place.folder, 'borrowed');
  await writeTinyModel(folder);
  const { page } = await open({ project, path: '/models' });
  await settled(page);
  const importFrom = async (path: string): Promise<void> => {
    await page.getByRole('button', { name: 'Import a model' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Folder' }).fill(path);
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  };
  const empty = join(place.folder, 'nothing');
  await mkdir(empty, { recursive: true });
  await writeFile(join(empty, 'readme.txt'), 'no model');
  await importFrom(empty);
  await page.getByRole('alert').filter({ hasText: 'holds no model' }).waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();

  await importFrom(folder);
  const row = page.getByRole('row').filter({ hasText: 'borrowed' });
  await row.waitFor();
  await row.click();
  await page.getByRole('complementary', { name: 'borrowed' }).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('This frees').waitFor();
  await dialog.getByRole('button', { name: 'Delete model' }).click();
  await row.waitFor({ state: 'detached' });
});
