import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
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
