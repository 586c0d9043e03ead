import { readFile, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { settingsOf } from '../../one-core.ts';
import { settled } from '../harness/screens.ts';
import { test } from '../harness/studio-test.ts';

test('the theme that is chosen holds at once and after the page is loaded again', async ({ open }) => {
  const { page } = await open({ path: '/settings', colorScheme: 'light' });
  const brightness = () =>
    page.evaluate(() => {
      // The canvas turns whatever notation a colour has into bytes.
      const context = document.createElement('canvas').getContext('2d');
      if (context === null) return Number.NaN;
      context.fillStyle = getComputedStyle(document.body).backgroundColor;
      context.fillRect(0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data[1] ?? Number.NaN;
    });
  await settled(page);
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
  await expect.poll(brightness).toBeLessThan(80);
  await page.reload();
  await settled(page);
  expect(await brightness()).toBeLessThan(80);
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Light' }).click();
  await expect.poll(brightness).toBeGreaterThan(200);
});

test.skipIf(availableParallelism() < 2)(
  'cores that are left free are kept on this machine, for every window and the command line (skipped on a single core)',
  async ({ open, place }) => {
    await rm(settingsOf(join(place.folder, 'loam')));
    const { page } = await open({ path: '/settings' });
    await settled(page);
    await page.getByRole('button', { name: 'Increase' }).click();
    const settingsFiles = async () => {
      const folder = join(place.folder, 'loam');
      const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      return Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    };
    await expect.poll(async () => (await settingsFiles()).join('\n')).toMatch(/"freeCores": 1/);

    const { page: other } = await open({ path: '/settings' });
    await expect.poll(() => other.getByRole('textbox', { name: 'Free cores' }).inputValue()).toBe('1');
  },
);

test('the hardware that is shown is this machine’s', async ({ open }) => {
  const { page } = await open({ path: '/hardware' });
  await settled(page);
  const computer = page.getByRole('region', { name: 'Computer' });
  await computer.getByText(String(availableParallelism()), { exact: true }).first().waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: /^ONNX Runtime .*Ready/ })
    .waitFor();
});

test('installing TensorFlow says what would be fetched before anything is, and what is wrong with a file', async ({
  open,
  place,
}) => {
  const { page: other } = await open({ path: '/hardware' });
  await settled(other);
  const { page } = await open({ path: '/hardware' });
  await settled(page);
  const row = page.getByRole('listitem').filter({ hasText: /^TensorFlow/ });
  await row.getByText('Can be installed').waitFor();
  await row.getByRole('button', { name: 'Install …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Install TensorFlow' });
  await dialog
    .getByText(/fetches|carried|A file of this machine/)
    .first()
    .waitFor();
  await dialog.getByRole('combobox', { name: 'What to install' }).click();
  await page.getByRole('option', { name: /A file of this machine/ }).click();
  await dialog.getByRole('textbox', { name: 'Path' }).fill(join(place.folder, 'nothing.whl'));
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  await page.getByText('TensorFlow was not installed').waitFor();
  await page.getByText(/nothing\.whl: There is no such file\./).waitFor();
  // A second window, in which nothing was begun, follows.
  await other.getByText('TensorFlow was not installed').waitFor({ timeout: 15_000 });
  await row.getByText('Can be installed').waitFor();
});

test('the engine that is used where nothing is chosen is kept; one that is not installed cannot be chosen', async ({
  open,
}) => {
  const { page } = await open({ path: '/settings' });
  await settled(page);
  const field = page.getByRole('combobox', { name: 'Engine' });
  await field.click();
  expect(await page.getByRole('option', { name: 'TensorFlow' }).getAttribute('aria-disabled')).toBe('true');
  await page.getByRole('option', { name: 'ONNX Runtime' }).click();
  await page.getByText('Saved').first().waitFor();
  await page.reload();
  await expect.poll(() => page.getByRole('combobox', { name: 'Engine' }).innerText()).toBe('ONNX Runtime');
});
