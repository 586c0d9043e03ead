import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'vitest';
import { projectPaths } from '../../src/main/studio/projects/paths.ts';
import { loamMain, sample } from './harness/sample-project.ts';
import { settled } from './harness/screens.ts';
import { openSecondWindow } from './harness/studio-page.ts';
import { test as base } from './harness/studio-test.ts';
import { copyTrainedProject } from './harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('a project that a newer Loam made is left as it is, and the way out is told', async ({
  open,
  place,
}) => {
  const folder = join(place.folder, 'from-the-future');
  await promisify(execFile)(process.execPath, [loamMain, 'init', folder], { env: place.environment });
  const store = new SqliteDatabase(projectPaths(folder).store);
  store.pragma('user_version = 9999');
  store.close();

  const { page } = await open();
  await page.getByRole('textbox', { name: 'Open a project by its folder' }).fill(folder);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'written by a newer Loam' }).waitFor();
  // A window that is sent there by a link or was there before says so, too.
  const { page: other } = await open({ project: folder, path: '/runs' });
  await other.getByRole('alert').filter({ hasText: 'written by a newer Loam' }).waitFor();
  await other.getByRole('button', { name: 'Open another project' }).click();
  await other.getByRole('button', { name: 'New project' }).waitFor();
});

test('a budget that ends before the first evaluation is told with what would mend it', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  await page
    .getByRole('navigation', { name: 'Steps to a model' })
    .getByRole('button', { name: /^Time/ })
    .click();
  await page.getByRole('radio', { name: /^A number of steps/ }).check();
  const steps = page.getByRole('textbox', { name: 'Steps', exact: true });
  await steps.fill('10');
  await steps.press('Tab');
  // Left alone, the wizard measures within any budget; who sets the interval oneself can miss it.
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  const interval = page.getByRole('textbox', { name: 'Evaluation interval' });
  await interval.fill('40');
  await interval.press('Tab');
  const told = page.getByText('A run of 10 steps ends before its first evaluation at step 40');
  await told.first().waitFor();
  await page.getByRole('button', { name: 'Train 40 steps' }).first().click();
  await told.first().waitFor({ state: 'detached' });
  expect(await steps.inputValue()).toBe('40');
});

test('a run that is started in two windows trains once', async ({ open, server, project }) => {
  const first = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(first.page);
  await first.page
    .getByRole('navigation', { name: 'Steps to a model' })
    .getByRole('button', { name: /^Review/ })
    .click();
  await first.page.getByRole('textbox', { name: 'Name of the run' }).fill('once');
  await first.page.getByRole('button', { name: 'Only prepare it' }).click();
  await first.page.getByRole('heading', { level: 1, name: 'once' }).waitFor({ timeout: 60_000 });
  const second = await openSecondWindow(first, server);
  const start = (page: typeof first.page) => page.getByRole('button', { name: 'Start', exact: true });
  await start(second.page).waitFor();
  await Promise.all([
    start(first.page).click(),
    start(second.page)
      .click({ noWaitAfter: true })
      .catch(() => undefined),
  ]);
  for (const { page } of [first, second])
    await page.getByRole('main').getByText('Training', { exact: true }).first().waitFor({ timeout: 60_000 });

  await first.page.getByRole('navigation', { name: 'Loam' }).getByRole('link', { name: 'Activity' }).click();
  await settled(first.page);
  const running = first.page
    .getByRole('list', { name: 'Activity' })
    .getByRole('listitem')
    .filter({ hasText: 'Train once' })
    .filter({ hasText: 'Running' });
  expect(await running.count()).toBeLessThanOrEqual(1);
  await second.page.getByRole('button', { name: 'Pause' }).click();
  await second.page
    .getByRole('main')
    .getByText('Paused', { exact: true })
    .first()
    .waitFor({ timeout: 60_000 });
  expect(second.faults).toEqual([]);
});

test('a checkpoint that is deleted while somebody writes with it takes nothing of what was written along', async ({
  open,
  server,
  place,
}) => {
  const project = await copyTrainedProject(place, 'deleting');
  const writing = await open({ project, path: `/write?checkpoint=${sample.run}@60` });
  await settled(writing.page);
  await writing.page.getByRole('textbox', { name: 'Your text' }).fill('The pump');
  await writing.page.getByRole('button', { name: 'Write', exact: true }).click();
  await writing.page.getByRole('button', { name: 'Write again' }).waitFor({ timeout: 60_000 });
  const text = writing.page.getByRole('group', { name: /^The text so far/ });
  const written = await text.innerText();

  const other = await openSecondWindow(writing, server);
  await other.page.goto(`${server.origin}/#/models`);
  await settled(other.page);
  await other.page.getByRole('row').filter({ hasText: sample.run }).first().click();
  const details = other.page.getByRole('complementary', { name: new RegExp(sample.run) });
  await details.getByRole('button', { name: 'More' }).click();
  await other.page.getByRole('menuitem', { name: 'Delete' }).click();
  await other.page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await other.page.getByRole('alertdialog').waitFor({ state: 'hidden' });

  await writing.page.getByText('This checkpoint is not there any more').first().waitFor();
  expect(await text.innerText()).toBe(written);
  expect(other.faults).toEqual([]);
});

test('files of one name from two folders are both taken, each told apart', async ({
  open,
  place,
  project,
}) => {
  const paths: string[] = [];
  for (const folder of ['north', 'south']) {
    await mkdir(join(place.folder, folder), { recursive: true });
    const path = join(place.folder, folder, 'report.txt');
    await writeFile(path, `A report from the ${folder}.\n`);
    paths.push(path);
  }
  const { page } = await open({ project, path: '/data' });
  await settled(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add files' }).click();
  await (await chooser).setFiles(paths);
  const dialog = page.getByRole('dialog', { name: 'Add data' });
  await expect
    .poll(() => dialog.getByRole('list', { name: 'Files to import' }).getByRole('listitem').count())
    .toBe(2);
  await dialog.getByRole('textbox', { name: 'Name of the dataset' }).fill('reports');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('Dataset reports is ready').first().waitFor({ timeout: 60_000 });
  await page.goto(`${new URL(page.url()).origin}/#/data?dataset=reports`);
  await page.getByText('2 documents').first().waitFor({ timeout: 60_000 });
});
