import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { loamMain, sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const other = 'wider-steps';

/** The sample project with a second run, whose learning rate is another. */
const test = base.extend('project', { scope: 'file' }, async ({ place }) => {
  const folder = await copyTrainedProject(place);
  const words = `train --dataset ${sample.dataset} --tokenizer ${sample.tokenizer} --preset nano --steps 12 --name ${other} --set training.learningRate=0.01`;
  await promisify(execFile)(process.execPath, [loamMain, ...words.split(' '), '--project', folder], {
    env: place.environment,
  });
  return folder;
});

test('runs are found, tagged and noted, and two of them are compared with the settings that differ', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/runs/${other}` });
  await settled(page);
  await page.getByRole('textbox', { name: 'Add tag' }).fill('bold');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove the tag bold' }).waitFor();
  await page.getByRole('textbox', { name: 'Notes' }).fill('Ten times the usual rate.');
  await page.getByText('Saved', { exact: true }).waitFor();

  await page.getByRole('navigation', { name: 'Loam' }).getByRole('link', { name: 'Runs' }).click();
  const table = page.getByRole('table', { name: 'Runs' });
  await table.getByText('bold').waitFor();
  await page.getByRole('textbox', { name: 'Search runs' }).fill(other);
  await table.getByRole('link', { name: sample.run, exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Search runs' }).fill('');

  for (const name of [sample.run, other])
    await table.getByRole('checkbox', { name: `Choose ${name}` }).check();
  await page
    .getByRole('link', { name: 'Compare 2 runs' })
    .or(page.getByRole('button', { name: 'Compare 2 runs' }))
    .click();
  await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
  await page.getByRole('main').locator('canvas').first().waitFor();
  const differences = page.getByRole('region', { name: 'Settings that differ' });
  await differences.getByText('0.01', { exact: true }).waitFor();
  await differences.getByText('0.002', { exact: true }).waitFor();
});

test('a chart is read point by point, zoomed and moved by the keyboard, and shown as a table', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/runs/${sample.run}` });
  await settled(page);
  const loss = page.getByRole('region', { name: /^Loss/ });
  const chart = loss.getByRole('group', { name: 'Loss', exact: true });
  await chart.locator('canvas').waitFor();
  await chart.focus();
  await page.keyboard.press('Home');
  await loss
    .getByText('Step 1', { exact: true })
    .or(loss.getByText(/^Step 1\b/))
    .first()
    .waitFor();
  await page.keyboard.press('+');
  const everything = loss.getByRole('button', { name: 'Show everything' });
  await expect.poll(() => everything.isEnabled()).toBe(true);
  await page.keyboard.press('0');
  await expect.poll(() => everything.isEnabled()).toBe(false);

  await loss.getByRole('button', { name: 'Show as a table' }).click();
  await page.getByRole('table').filter({ hasText: '60' }).first().waitFor();

  const download = page.waitForEvent('download');
  await loss.getByRole('button', { name: 'Save the chart Loss' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});

test('a run is branched from a checkpoint, trains on, is renamed and deleted with what that frees', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/runs/${sample.run}` });
  await settled(page);
  await page.getByRole('button', { name: 'Branch', exact: true }).click();
  const branching = page.getByRole('dialog', { name: new RegExp(`Branch from ${sample.run}`) });
  await branching.getByRole('button', { name: 'The weights' }).click();
  await branching.getByRole('textbox', { name: 'Name' }).fill('branch');
  const steps = branching.getByRole('textbox', { name: 'How long it trains' });
  await steps.fill('8');
  await steps.press('Tab');
  await branching.getByRole('button', { name: 'Branch and train' }).click();
  await page.getByRole('heading', { level: 1, name: 'branch' }).waitFor();
  await page.getByText(`Branch of ${sample.run} at step 60`).waitFor();
  await page.getByRole('main').getByText('Done', { exact: true }).first().waitFor({ timeout: 90_000 });

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('second-branch');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'second-branch' }).waitFor();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete run' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete second-branch?' });
  await question.getByText(/That frees [\d.]+ [kM]B/).waitFor();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  await page.getByText('second-branch').first().waitFor({ state: 'detached' });
});
