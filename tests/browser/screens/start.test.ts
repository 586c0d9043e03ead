import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { findAccessibilityFaults } from '../harness/accessibility.ts';
import { loamMain } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test } from '../harness/studio-test.ts';

test('a project is made from the first screen, is shown at once, and is found again among the recent ones', async ({
  open,
  place,
}) => {
  const { page } = await open();
  await page.getByRole('button', { name: 'New project' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('records');
  const folder = join(place.projectsFolder, 'records');
  await dialog.getByText(folder).waitFor();
  await dialog.getByRole('button', { name: 'Make project' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('navigation').getByRole('link', { name: 'Data' }).waitFor();
  await access(folder);

  // Another window, which has no project yet.
  const { page: other } = await open();
  await other.getByRole('button', { name: 'Open: records' }).click();
  await other.getByRole('navigation').getByText('records').first().waitFor();
});

test('a name that is a path, one that is taken and a folder without a project are refused where they were given', async ({
  open,
}) => {
  const { page } = await open();
  const dialog = page.getByRole('dialog');
  const make = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'New project' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Make project' }).click();
  };
  await page.getByRole('button', { name: 'New project' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('../elsewhere');
  // It is said while it is typed, and the button leads back to it.
  await dialog.getByText('A name begins with a letter or digit').waitFor();
  await dialog.getByRole('button', { name: 'Make project' }).click();
  await expect
    .poll(() =>
      dialog.getByRole('textbox', { name: 'Name' }).evaluate((box) => box === document.activeElement),
    )
    .toBe(true);
  await page.keyboard.press('Escape');

  await make('twice');
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${new URL(page.url()).origin}/#/`);
  await make('twice');
  await dialog.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('textbox', { name: 'Open a project by its folder' }).fill('/nowhere/at-all');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: '/nowhere/at-all' }).waitFor();
});

test('a project from elsewhere is opened after one question, wherever it is asked for, and not asked about again', async ({
  open,
  place,
}) => {
  const make = async (name: string): Promise<string> => {
    const folder = join(place.folder, name);
    const environment = { ...place.environment, LOAM_HOME: join(place.folder, 'somebody-else') };
    await promisify(execFile)(process.execPath, [loamMain, 'init', folder], { env: environment });
    return folder;
  };
  const answer = 'I know where it comes from: open it';
  const { page } = await open({ project: await make('received'), path: '/runs' });
  await page.getByRole('heading', { name: 'Open this project?' }).waitFor();
  expect(await findAccessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: answer }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();

  const { page: first } = await open();
  await first.getByRole('textbox', { name: 'Open a project by its folder' }).fill(await make('sent'));
  await first.getByRole('button', { name: 'Open', exact: true }).click();
  await first.getByRole('button', { name: answer }).click();
  await first.getByRole('navigation').getByText('sent').first().waitFor();
});

test('the keyboard reaches every screen: by the list of commands and by two keys', async ({
  open,
  place,
}) => {
  const { page } = await open();
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('by-keys');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByText('by-keys').first().waitFor();
  expect(await page.evaluate(() => sessionStorage.getItem('loam-project'))).toBe(
    join(place.projectsFolder, 'by-keys'),
  );
  await settled(page);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('hardw');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();

  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
