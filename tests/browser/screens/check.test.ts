import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'vitest';
import { flipBit } from '../../faults/flip-bit.ts';
import { findAccessibilityFaults } from '../harness/accessibility.ts';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const patience = { timeout: 60_000 };

test('a damaged project is checked, told of, repaired after it was said how, and stays checked', async ({
  open,
  place,
}) => {
  const project = await copyTrainedProject(place);
  await rm(join(project, 'runs', sample.run, 'configuration.json'));
  await flipBit(join(project, 'tokenizers', sample.tokenizer, 'tokenizer.json'), 888);
  const database = new SqliteDatabase(join(project, 'loam.sqlite'));
  database.exec("UPDATE project SET loamVersion = '0.0.1'");
  database.close();

  const { page } = await open({ project, path: '/settings' });
  await settled(page);
  await expect.poll(() => page.getByText('Not checked yet.').count()).toBe(1);
  await page.getByRole('link', { name: 'Check this project' }).click();
  await page.getByRole('heading', { level: 1, name: 'Check this project' }).waitFor();
  await page.getByRole('button', { name: 'Check now' }).click();

  const damaged = page.getByRole('region', { name: 'Damaged' });
  await damaged.waitFor(patience);
  expect(await damaged.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
    'project 1',
    `tokenizer ${sample.tokenizer}`,
  ]);
  const missing = page.getByRole('region', { name: 'Missing' });
  expect(await missing.getByText('Can be repaired: Loam writes it again from the store.').count()).toBe(1);
  await page.getByRole('button', { name: 'As it was written' }).click();
  await page.getByText('Sources', { exact: true }).waitFor();
  expect(await findAccessibilityFaults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Repair 1 thing' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Repair this project?' });
  expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
    `configuration of run ${sample.run}: writes it again from the store`,
  ]);
  expect(await findAccessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Repair' }).click();
  await page.getByText('Written again from the store.').waitFor(patience);
  await expect.poll(() => missing.count(), patience).toBe(0);

  await page.getByRole('button', { name: 'Accept 1 thing as it stands' }).click();
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByText('Accepted as it stands: project 1.').waitFor(patience);
  expect(await damaged.getByRole('heading', { level: 3 }).count()).toBe(1);

  await page.reload();
  await damaged.waitFor();
  await page.getByText(/^Checked /).waitFor();
});
