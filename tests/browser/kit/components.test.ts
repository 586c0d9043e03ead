import { expect } from 'vitest';
import { findAccessibilityFaults } from '../harness/accessibility.ts';
import { builtPages } from '../harness/built-pages.ts';
import { serveFolder } from '../harness/static-server.ts';
import { test as base } from '../harness/studio-test.ts';

const test = base.override('pages', { scope: 'file' }, async ({ folderName: _folderName }, { onCleanup }) => {
  const server = await serveFolder(await builtPages('kit'));
  onCleanup(server.close);
  return server;
});

test('a table of a million rows draws those in view, fetches what is looked at, and reaches the last by keys', async ({
  open,
}) => {
  const { page } = await open();
  const table = page.getByRole('grid', { name: 'A million rows' });
  await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('1000001');
  await table.getByText('row 0', { exact: true }).waitFor();
  expect(await table.getByRole('row').count()).toBeLessThan(60);

  await table.focus();
  await page.keyboard.press('End');
  await table.getByText('row 999999', { exact: true }).waitFor();
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  await page.keyboard.press('Enter');
  await page.getByText('opened 999999').waitFor();

  await page.keyboard.press('PageUp');
  await page.keyboard.press('Space');
  await page.getByText('1 chosen').waitFor();
  await page.keyboard.press('Home');
  await table.getByText('row 0', { exact: true }).waitFor();

  // Rows in the middle, by the scroll bar.
  await table.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  await table
    .getByText(/^row (4999|500)\d\d\d$/)
    .first()
    .waitFor();
});

test('a dialog takes the keyboard, keeps it, and gives it back where it came from', async ({ open }) => {
  const { page } = await open();
  const opener = page.getByRole('button', { name: 'Rename …' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Rename the run' });
  await dialog.waitFor();
  for (let presses = 0; presses < 6; presses += 1) {
    // At either end of the dialog the keyboard stops for a moment at a guard, which sends it to the other end.
    const inside = () => dialog.evaluate((element) => element.contains(document.activeElement));
    await expect.poll(inside, { message: `after ${presses} presses of Tab` }).toBe(true);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('nothing is deleted before the question was answered', async ({ open }) => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Delete …' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete the run?' });
  await question.getByText('This frees 12 MB.').waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  await page.getByText('0 deleted').waitFor();

  await page.getByRole('button', { name: 'Delete …' }).click();
  await question.getByRole('button', { name: 'Delete run' }).click();
  await page.getByText('1 deleted').waitFor();
});

test('the components have no serious accessibility fault, with a dialog open and without', async ({
  open,
}) => {
  const { page } = await open();
  await page.getByText('row 0', { exact: true }).waitFor();
  expect(await findAccessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Rename …' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await findAccessibilityFaults(page)).toEqual([]);
});
