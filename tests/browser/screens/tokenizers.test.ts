import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('a text is shown as tokens with ids and bytes, by pointer and keyboard', async ({ open, project }) => {
  const { page } = await open({ project, path: `/tokenizers?tokenizer=${sample.tokenizer}` });
  await settled(page);
  await page.getByRole('textbox', { name: 'Your text' }).fill('the €\u0000');
  const strip = page.getByRole('listbox', { name: 'Tokens of the text' });
  // The zero is the last of them, and its sign is no character of the text.
  await strip.getByRole('option', { name: /^⟨00⟩ \d+$/ }).waitFor();
  await strip.focus();
  await page.keyboard.press('End');
  const facts = page.locator('dl').filter({ hasText: 'Characters' });
  await expect.poll(() => facts.innerText()).toMatch(/Bytes\s*00\s/);
  await strip.getByRole('option').first().hover();
  await expect.poll(() => facts.innerText()).toMatch(/Token 1 of \d+/);
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'Bytes' }).click();
  await strip.getByText('00', { exact: true }).waitFor();
});

test('a tokenizer is trained with its progress in view, compared with another, and deleted', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: '/tokenizers' });
  await settled(page);
  await page.getByRole('button', { name: 'Train a tokenizer' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Characters', exact: true }).click();
  await form.getByRole('textbox', { name: 'Name' }).fill(sample.tokenizer);
  await form.getByText('There is a tokenizer of this name already.').waitFor();
  await form.getByRole('textbox', { name: 'Name' }).fill('letters');
  await form.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('heading', { name: 'letters', level: 2 }).waitFor({ timeout: 60_000 });

  await page.getByRole('tab', { name: 'Compare' }).click();
  const figures = page.getByRole('region', { name: 'Figures' });
  await figures.getByText(new RegExp(`^${sample.tokenizer} needs \\d+% fewer tokens`)).waitFor();
  await expect.poll(() => page.getByRole('listbox').count()).toBe(2);

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const question = page.getByRole('alertdialog');
  await question.getByText(/This frees .*kB/).waitFor();
  await question.getByRole('button', { name: 'Delete tokenizer' }).click();
  await page.getByRole('heading', { name: sample.tokenizer, level: 2 }).waitFor();
});

test('a tokenizer that a model needs is kept, and the page says which run needs it', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/tokenizers?tokenizer=${sample.tokenizer}` });
  await settled(page);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('link', { name: sample.run }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Vocabulary' }).click();
  await page.getByRole('textbox', { name: 'Search text or id' }).fill('pump');
  await page.getByRole('grid').getByRole('row').filter({ hasText: 'pump' }).first().waitFor();
});
