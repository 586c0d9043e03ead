import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

const foreign = resolve(import.meta.dirname, '../../fixtures/foreign-model');

const goTo = (page: Page, step: string): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: new RegExp(`^${step}`) })
    .click();

/** In the wizard's model step, where a run is to begin with a model. */
async function beginWithModel(page: Page): Promise<void> {
  await settled(page);
  await goTo(page, 'Model');
  await page.getByRole('radio', { name: /^Begin with a model/ }).check();
}

async function lookAtFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'A folder' }).click();
  await page.getByRole('textbox', { name: 'Folder of the model' }).fill(folder);
  await page.getByRole('button', { name: 'Use this model' }).click();
}

test('a checkpoint of the project is trained further, its topmost layer alone, with its own tokenizer', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await beginWithModel(page);
  await page.getByText('Choose the model to begin with, and the estimate appears here.').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Choose the model to begin with.', { exact: true }).waitFor();

  await page.getByRole('combobox', { name: 'Model' }).fill(sample.run);
  await page.getByRole('option').filter({ hasText: 'best' }).first().click();
  await page.getByText(`It comes with the model: ${sample.tokenizer}`).waitFor();
  expect(await page.getByRole('textbox', { name: 'Hidden size' }).count()).toBe(0);
  await page.getByText(/^All .* parameters learn/).waitFor();

  await page.getByRole('button', { name: 'Adapters (LoRA)' }).click();
  await page.getByText(/parameters stay as they are; adapters beside them learn/).waitFor();
  await page.getByRole('textbox', { name: 'Rank of the adapters' }).fill('4');

  await page.getByRole('button', { name: 'Topmost layers only' }).click();
  await page.getByRole('textbox', { name: 'Topmost layers that learn' }).fill('1');
  await page.getByText(/parameters learn, the rest stays as it is/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByText(/parameters learn, the rest stays as it is/).waitFor();

  await page.reload();
  await settled(page);
  await page.getByText(/parameters learn, the rest stays as it is/).waitFor();
  await goTo(page, 'Time');
  await page.getByRole('radio', { name: /^A number of steps/ }).check();
  await page.getByRole('textbox', { name: 'Steps' }).fill('4');
  await goTo(page, 'Review');
  await page.getByText(new RegExp(`^Begin with ${sample.run}@`)).waitFor();
  await page.getByText(/^Use the tokenizer that comes with the model/).waitFor();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('further');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('heading', { level: 1, name: 'further' }).waitFor({ timeout: 60_000 });
  await page.getByText('4 of 4 steps').waitFor({ timeout: 60_000 });
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });

  await page.getByRole('tab', { name: 'Origin' }).click();
  await page.getByText(new RegExp(`^${sample.run}@`)).waitFor();
  const { page: again } = await open({ project, path: '/new-model?from=further&step=model' });
  await again.getByText('Settings of further').waitFor();
  await again.getByText(`It comes with the model: ${sample.tokenizer}`).waitFor();
  expect(await again.getByRole('textbox', { name: 'Topmost layers that learn' }).inputValue()).toBe('1');
});

test('a folder is looked at before it is taken: what cannot be read, and what does not fit, is said under its field', async ({
  open,
  project,
  place,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await beginWithModel(page);
  const nowhere = join(place.folder, 'nothing-here');
  await lookAtFolder(page, nowhere);
  await page.getByText(`${nowhere}: There is neither such a run nor such a folder.`).waitFor();

  const other = join(place.folder, 'mixture');
  await cp(foreign, other, { recursive: true });
  const config = JSON.parse(await readFile(join(other, 'config.json'), 'utf8')) as object;
  await writeFile(join(other, 'config.json'), JSON.stringify({ ...config, model_type: 'mixtral' }));
  await lookAtFolder(page, other);
  await page.getByText(/Models of the kind "mixtral" are not supported/).waitFor();
  expect(await page.getByText('It comes with the model').count()).toBe(0);

  await lookAtFolder(page, foreign);
  await page.getByText(/^It comes with the model/).waitFor();
  const context = page.getByRole('textbox', { name: 'Context length' });
  await context.fill('100000');
  await context.press('Tab');
  await page
    .getByText(/A context of 100000 tokens is longer than/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Correct what is marked before going on.').waitFor();
  await page.getByRole('button', { name: 'As the model has it' }).first().click();
  await page
    .getByText(/A context of 100000/)
    .first()
    .waitFor({ state: 'detached' });
});

test('beginning from nothing again brings the preset back', async ({ open, project }) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await beginWithModel(page);
  await lookAtFolder(page, foreign);
  await page.getByText(/^It comes with the model/).waitFor();
  await page.getByRole('radio', { name: /^From nothing/ }).check();
  expect(await page.getByRole('radio', { name: /^Nano/ }).isChecked()).toBe(true);
  await goTo(page, 'Review');
  await page.getByText('All settings are those of the preset nano.').waitFor();
});

test('a model’s page leads to the training of it, with the model chosen', async ({ open, project }) => {
  const { page } = await open({ project, path: '/models' });
  await settled(page);
  await page.getByRole('table').getByText(sample.run).first().click();
  await page.getByRole('link', { name: 'Train it further' }).click();
  await settled(page);
  await goTo(page, 'Model');
  await page.getByText(`It comes with the model: ${sample.tokenizer}`).waitFor();
  expect(await page.getByRole('radio', { name: /^Begin with a model/ }).isChecked()).toBe(true);
});

test('answers are learned by a model that is there: choosing them asks for one', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  await page.getByRole('radio', { name: /^Answer as in these records/ }).check();
  await page.getByText('records of questions and answers, or conversations').waitFor();
  await goTo(page, 'Model');
  expect(await page.getByRole('radio', { name: /^Begin with a model/ }).isChecked()).toBe(true);
  await page.getByText('Choose the model to begin with, and the estimate appears here.').waitFor();
  await page.getByRole('radio', { name: /^From nothing/ }).check();
  await page
    .getByText(/teaches a model that is there already/)
    .first()
    .waitFor();
});
