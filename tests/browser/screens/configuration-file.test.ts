import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

/** The lines of the file that the editor shows. */
const shown = (page: Page): Promise<string> => page.locator('.monaco-editor .view-lines').last().innerText();

async function showFile(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Configuration file' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 30_000 });
}

test('form and file are two views of the same settings, and comments in the file stay', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: '/new-model?step=model' });
  await settled(page);
  await page.getByRole('radio', { name: /^Your own/ }).check();
  await showFile(page);
  await page.locator('.monaco-editor .view-line').nth(1).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' // my shape');

  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.getByRole('textbox', { name: 'Layers' }).fill('3');
  await page.keyboard.press('Tab');
  await showFile(page);
  await expect.poll(() => shown(page)).toMatch(/my.shape/);
  expect((await shown(page)).replaceAll(/\s/g, '')).toContain('"layers":3');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await shown(page)).replaceAll(/\s/g, '')).toContain('"layers":4');
});

test('the editor completes and explains settings by the schema and marks what does not go together', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: '/new-model?step=model' });
  await settled(page);
  await page.getByRole('radio', { name: /^Your own/ }).check();
  await page.getByRole('textbox', { name: 'Attention heads' }).fill('5');
  await page.keyboard.press('Tab');
  await page.getByText('5 heads do not divide the hidden size 128.').first().waitFor();
  await showFile(page);
  await page.locator('.monaco-editor .squiggly-error').first().waitFor();

  await page.getByRole('button', { name: '8 heads' }).click();
  await expect.poll(async () => (await shown(page)).replaceAll(/\s/g, '')).toContain('"heads":8');
  await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });

  await page.locator('.monaco-editor .view-line').nth(1).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('"drop');
  await page.getByRole('option', { name: /^dropout/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => shown(page)).toMatch(/"dropout"/);
});

test('Tab leaves the editor, so that the keyboard is not caught in it', async ({ open, project }) => {
  const { page } = await open({ project, path: '/new-model?step=budget' });
  await settled(page);
  await showFile(page);
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.monaco-editor') ?? null)).toBeNull();
});
