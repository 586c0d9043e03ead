import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { openSecondWindow } from '../harness/studio-page.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

interface GivenFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Gives files to the screen as a person does by its button. */
async function giveFiles(page: Page, folder: string, files: readonly GivenFile[]): Promise<void> {
  const paths: string[] = [];
  for (const { name, content } of files) {
    const path = join(folder, name);
    await writeFile(path, content);
    paths.push(path);
  }
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add files' }).click();
  await (await chooser).setFiles(paths);
}

test('documents are searched, looked at, left out and taken back in', async ({ open, project }) => {
  const { page } = await open({ project, path: `/data?dataset=${sample.dataset}` });
  await settled(page);
  const table = page.getByRole('grid', { name: `Documents of ${sample.dataset}` });
  await table.getByRole('row').nth(1).waitFor({ timeout: 60_000 });
  await page.getByText('812 documents').first().waitFor();

  await page.getByRole('textbox', { name: 'Search in the texts' }).fill('handover');
  await expect
    .poll(
      async () =>
        (
          await page
            .getByText(/of 812 documents/)
            .first()
            .innerText()
        ).split(' ')[0],
    )
    .not.toBe('812');
  // The hit is marked in the table, and the keyboard opens the document, goes through its hits and closes it.
  await table.getByRole('row').nth(1).locator('mark').first().waitFor();
  await page.getByRole('textbox', { name: 'Search in the texts' }).press('Enter');
  const found = page.getByRole('region', { name: /^Document \d/ });
  await found.locator('mark[aria-current]').waitFor();
  expect((await found.locator('mark[aria-current]').innerText()).toLowerCase()).toBe('handover');
  await found.getByRole('button', { name: /^Next place found/ }).waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await found.waitFor({ state: 'hidden' });
  await expect.poll(() => table.evaluate((grid) => grid === document.activeElement)).toBe(true);
  await page.getByRole('textbox', { name: 'Search in the texts' }).fill('');
  await page.getByRole('status').getByText('812 documents', { exact: true }).waitFor();

  await table.getByRole('row').nth(2).getByRole('gridcell').nth(2).click();
  const opened = page.getByRole('region', { name: /^Document \d/ });
  await opened.waitFor();
  await opened.getByRole('button', { name: 'Close the document' }).click();
  await opened.waitFor({ state: 'hidden' });

  const tick = table.getByRole('row').nth(1).getByRole('checkbox');
  // The table has just got its width back, and draws its rows anew.
  await expect
    .poll(async () => {
      if (!(await tick.isChecked())) await tick.click();
      return tick.isChecked();
    })
    .toBe(true);
  await page.getByRole('button', { name: 'Leave out', exact: true }).click();
  await page.getByText('1 document left out').first().waitFor();
  await page.getByRole('tab', { name: 'Recipe' }).click();
  await page.getByText('Leave out chosen documents').first().waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByText('No steps: the documents are as your files give them').waitFor();
});

test('what cannot be read of the files given is told file by file, and the rest is offered', async ({
  open,
  place,
  project,
}) => {
  const { page } = await open({ project, path: '/data' });
  await settled(page);
  await giveFiles(page, place.folder, [
    { name: 'good.txt', content: 'The pump leaks.\nThe valve was replaced.\n' },
    { name: 'empty.txt', content: '' },
    { name: 'binary.txt', content: Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256) },
    {
      name: 'latin.txt',
      content: Buffer.from('Kühlung läuft über Nacht. '.repeat(20), 'latin1'),
    },
    { name: 'broken.csv', content: 'text,label\n"one",a\n"two,b\nthree,c\n' },
    { name: 'one-bad-line.jsonl', content: '{"text": "first"}\n{"text": second}\n{"text": "third"}\n' },
  ]);
  const dialog = page.getByRole('dialog', { name: 'Add data' });
  const file = (name: string) => dialog.getByRole('listitem').filter({ hasText: name });
  await file('good.txt').waitFor({ timeout: 60_000 });
  await file('empty.txt').getByText('Left out').first().waitFor();
  await file('binary.txt').getByText('Left out').first().waitFor();
  await file('latin.txt').getByText('windows-1252').waitFor();
  await file('broken.csv')
    .getByRole('button', { name: /In part/ })
    .click();
  await dialog
    .getByText(/row \d|line \d/i)
    .first()
    .waitFor();
  await file('one-bad-line.jsonl')
    .getByRole('button', { name: /In part/ })
    .click();
  await dialog
    .getByText(/line 2/)
    .first()
    .waitFor();

  await dialog.getByRole('textbox', { name: 'Name of the dataset' }).fill('mixed');
  await dialog
    .getByRole('checkbox', { name: 'Import the rest of files with bad records' })
    .or(dialog.getByRole('switch', { name: 'Import the rest of files with bad records' }))
    .check();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('Dataset mixed is ready').first().waitFor({ timeout: 60_000 });
});

test('two windows on one dataset: what one changes the other shows, and nothing is overwritten', async ({
  open,
  server,
  project,
}) => {
  const first = await open({ project, path: `/data?dataset=${sample.dataset}&view=recipe` });
  await settled(first.page);
  await first.page.getByRole('tab', { name: 'Recipe' }).click();
  await first.page
    .getByText('No steps: the documents are as your files give them')
    .waitFor({ timeout: 60_000 });
  const second = await openSecondWindow(first, server);
  await second.page.getByRole('tab', { name: 'Recipe' }).click();
  const addEmptyStep = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Add a step' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a step' });
    await dialog.getByRole('combobox', { name: 'What to do' }).click();
    await page.getByRole('option', { name: /^Leave out duplicates/ }).click();
    await dialog.getByRole('button', { name: 'Add step' }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await addEmptyStep(first.page);
  await second.page
    .getByRole('list', { name: 'Steps of the recipe' })
    .getByText('Leave out duplicates')
    .waitFor();
  await second.page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await first.page.getByText('No steps: the documents are as your files give them').waitFor();
  expect(second.faults).toEqual([]);
});

test('personal data is masked, and a step is changed afterwards', async ({ open, place, project }) => {
  const { page, faults } = await open({ project, path: '/data' });
  await settled(page);
  await giveFiles(page, place.folder, [
    {
      name: 'mails.txt',
      content: 'Ask anna@mail.example today.\fCall +49 30 1234567, or 10.0.0.17.\fNothing here.',
    },
  ]);
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('grid', { name: 'Documents of mails' }).waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Recipe' }).click();
  await page.getByRole('button', { name: 'Add a step' }).first().click();
  const adding = page.getByRole('dialog', { name: 'Add a step' });
  await adding.getByRole('combobox', { name: 'What to do' }).click();
  await page.getByRole('option', { name: /^Mask personal data/ }).click();
  await adding.getByText('it does not find everything').waitFor();
  await adding.getByText('E-mail addresses: 1, IP addresses: 1, Telephone numbers: 1').waitFor();
  await adding.getByRole('list', { name: 'Some of the places' }).getByText('anna@mail.example').waitFor();
  await adding.getByRole('button', { name: 'Add step' }).click();
  await adding.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Change this step: Mask personal data' }).click();
  const changing = page.getByRole('dialog', { name: 'Mask personal data' });
  await changing.getByRole('checkbox', { name: /IP addresses/ }).uncheck();
  await changing.getByText('E-mail addresses: 1, Telephone numbers: 1').waitFor();
  await changing.getByRole('button', { name: 'Change step' }).click();
  await changing.waitFor({ state: 'hidden' });

  await page.getByRole('tab', { name: 'Documents' }).click();
  await page.getByText('Ask [EMAIL] today.').waitFor();
  await page.getByText('Call [PHONE], or 10.0.0.17.').waitFor();
  expect(faults).toEqual([]);
});
