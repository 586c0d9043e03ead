import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base
  .extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place))
  .extend('file', { scope: 'file' }, async ({ place }) => {
    await mkdir(place.folder, { recursive: true });
    const file = join(place.folder, 'dropped.txt');
    await writeFile(file, 'A report about a pump.\n\nAnother one about a valve.\n');
    return file;
  });

/** Drops files of the system on the middle of the window, as the browser itself does it: what nobody takes it opens. */
async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 700,
      y: 400,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    });
  await session.detach();
}

test('files that are dropped on any screen are offered for an import, and what was typed there stays', async ({
  open,
  project,
  file,
}) => {
  const { page } = await open({ project, path: '/write' });
  await settled(page);
  const prompt = page.getByRole('textbox', { name: 'Your text' });
  await prompt.fill('A long letter');
  await dropFiles(page, [file]);
  const dialog = page.getByRole('dialog', { name: 'Add data' });
  await dialog.getByRole('textbox', { name: /name/i }).fill('from-write');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await prompt.inputValue()).toBe('A long letter');
  await page.getByRole('button', { name: 'Show in Data' }).click();
  await page.getByRole('main').getByText('from-write').first().waitFor();
});

test('files that are dropped beside the part of a screen that takes them, or over a dialog, open nothing', async ({
  open,
  project,
  file,
}) => {
  const { page } = await open({ project, path: '/models' });
  await settled(page);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await dropFiles(page, [file]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
});

test('without a project, dropped files are answered with what to do first', async ({ open, file }) => {
  const { page } = await open({ path: '/hardware' });
  await settled(page);
  await dropFiles(page, [file]);
  await page.getByText('Then drop the files again').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();
});
