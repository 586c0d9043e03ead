import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';
import { listRunNames } from '../../../src/main/studio/store/runs.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { knowProject } from '../harness/studio-server.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

/** No page has more places that the keyboard stops at. */
const mostStops = 120;

/** Presses Tab until something has the keyboard. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < mostStops; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${target.toString()}.`);
}

test('the wizard is gone through by the keyboard alone', async ({ open, project }) => {
  const { page } = await open({ project, path: '/new-model' });
  await settled(page);
  const next = async (step: string): Promise<void> => {
    await tabTo(page, page.getByRole('button', { name: 'Next' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: step }).waitFor();
  };
  await tabTo(page, page.getByRole('radio', { name: /^Write like these documents/ }));
  await next('Step 2 of 5');
  await tabTo(page, page.getByRole('radio', { name: new RegExp(`^${sample.dataset}`) }));
  await page.keyboard.press('Space');
  await next('Step 3 of 5');
  const nano = page.getByRole('radio', { name: /^Nano/ });
  await tabTo(page, nano);
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: /^Characters/ }).isChecked()).toBe(true);
  await page.keyboard.press('ArrowUp');
  expect(await nano.isChecked()).toBe(true);
  await next('Step 4 of 5');
  await tabTo(page, page.getByRole('radio', { name: /^As the preset/ }));
  const bySteps = page.getByRole('radio', { name: /^A number of steps/ });
  for (let presses = 0; presses < 8 && !(await bySteps.isChecked()); presses += 1)
    await page.keyboard.press('ArrowDown');
  await tabTo(page, page.getByRole('textbox', { name: 'Steps' }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('40');
  await next('Step 5 of 5');
  await page.getByText('40 steps').first().waitFor();
  await tabTo(page, page.getByRole('textbox', { name: 'Name of the run' }));
  await page.keyboard.type('by-keys');
  await tabTo(page, page.getByRole('button', { name: 'Only prepare it' }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'by-keys' }).waitFor({ timeout: 60_000 });
  await page.getByText('It is prepared and has not trained yet.').waitFor();
});

test('heads that do not divide the width are told where they were given, with the nearest that do as buttons', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /^Model/ })
    .click();
  await page.getByRole('radio', { name: /^Your own/ }).check();
  const heads = page.getByRole('textbox', { name: 'Attention heads' });
  await heads.fill('5');
  await heads.press('Tab');
  const told = page.getByText('5 heads do not divide the hidden size 128.');
  await told.first().waitFor();
  await page.getByRole('button', { name: 'Hidden size 130' }).first().waitFor();
  await page.getByRole('button', { name: '4 heads' }).first().click();
  await told.first().waitFor({ state: 'detached' });
  expect(await heads.inputValue()).toBe('4');
});

test('a name that a run has already is told before anything is made', async ({ open, project }) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /^Review/ })
    .click();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill(sample.run);
  await page
    .getByText(new RegExp(`${sample.run}.*(already|exists|taken)|(already|exists|taken).*${sample.run}`))
    .first()
    .waitFor();
  for (const name of ['Only prepare it', 'Start training'])
    expect(await page.getByRole('button', { name }).isDisabled(), name).toBe(true);
});

test('all settings can be edited as a file, with the editor that comes along and no other', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('button', { name: /^Model/ })
    .click();
  await page.getByRole('button', { name: 'Configuration file' }).click();
  const editor = page.getByRole('textbox', { name: /Configuration of the new run/ });
  await editor.waitFor({ timeout: 60_000 });
  await page.getByRole('main').getByText('"layers"').first().waitFor();
});

test('what there is to know of a run that has begun to train stays until the person leaves it', async ({
  open,
  place,
}) => {
  const folder = join(place.folder, 'few-words');
  const text = join(place.folder, 'few-words.txt');
  await writeFile(text, sampleText(600));
  await createProject(folder);
  knowProject(place, folder);
  const project = openProject(folder);
  try {
    await importDataset(project, { name: 'few-words', paths: [text] });
    const { page } = await open({ project: folder, path: '/new-model?dataset=few-words&step=review' });
    await settled(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    const notice = page.getByText(/The vocabulary has \d+ tokens instead of/).first();
    await notice.waitFor({ timeout: 60_000 });
    const began = async (): Promise<void> => {
      await page.getByText('nano-1 is ready.').waitFor();
      expect(await page.getByRole('button', { name: 'Start training' }).count()).toBe(0);
    };
    await began();
    await page.reload();
    await notice.waitFor();
    await began();
    await page.getByRole('link', { name: 'Open the run' }).click();
    await page.getByRole('heading', { level: 1, name: 'nano-1' }).waitFor();
    await page.goBack();
    // Coming back is to plan another model, from the beginning of a fresh plan.
    await page.getByRole('heading', { level: 2, name: 'Step 5 of 5' }).waitFor();
    expect(listRunNames(project.store)).toEqual(['nano-1']);
  } finally {
    project.close();
  }
});
