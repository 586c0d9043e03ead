import { resolve } from 'node:path';
import { expect } from 'vitest';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import { serveStudio } from '../harness/studio-server.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

/** A studio with one more architecture, behind the pages as they are always built. */
const entry = resolve(import.meta.dirname, '../../registered/loam.ts');

const test = base
  .extend('server', { scope: 'file' }, async ({ place }, { onCleanup }) => {
    const server = await serveStudio(place, { entry });
    onCleanup(server.stop);
    return server;
  })
  .extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

test('an architecture that only the studio knows is set by its own fields, and a run of it is prepared', async ({
  open,
  project,
}) => {
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  await settled(page);
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await steps.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('radio', { name: /^Pairs Learns which token follows which/ }).waitFor();
  await page.getByRole('radio', { name: /^Your own/ }).check();
  await page.getByRole('textbox', { name: 'Attention heads' }).waitFor();

  await page.getByRole('combobox', { name: 'Architecture' }).click();
  await page.getByRole('option', { name: /^Bigram table/ }).click();
  const rank = page.getByRole('textbox', { name: 'Rank' });
  await rank.waitFor();
  expect(await rank.inputValue()).toBe('16');
  expect(await page.getByRole('textbox', { name: 'Attention heads' }).count()).toBe(0);
  await page.getByText('Set the rank yourself.').waitFor();

  await rank.fill('7');
  await rank.press('Tab');
  await page.getByText('A rank of 7 is odd.').first().waitFor();
  await page.getByRole('button', { name: 'Rank 8' }).first().click();
  expect(await rank.inputValue()).toBe('8');

  await steps.getByRole('button', { name: /^Review/ }).click();
  const changed = page.getByRole('row').filter({ hasText: 'Rank' });
  await changed.first().waitFor();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('pairs-here');
  await page.getByRole('button', { name: 'Only prepare it' }).click();
  await page.getByRole('heading', { level: 1, name: 'pairs-here' }).waitFor({ timeout: 60_000 });
  await page.getByText('It is prepared and has not trained yet.').waitFor();
});

test('the shape of a model comes back in the wizard from a run of it', async ({ open, project }) => {
  const { page } = await open({ project, path: '/new-model?from=pairs-here&step=model' });
  await settled(page);
  await expect.poll(() => page.getByRole('textbox', { name: 'Rank' }).inputValue()).toBe('8');
});
