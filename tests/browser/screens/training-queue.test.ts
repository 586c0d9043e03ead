import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { acquireLock, type ProcessLock } from '../../../src/main/studio/processes/process-lock.ts';
import { trainingWork } from '../../../src/main/studio/training/turn.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';
import { prepareRuns } from '../../studio/project-place.ts';
import { settled } from '../harness/screens.ts';
import { knowProject } from '../harness/studio-server.ts';
import { test as base } from '../harness/studio-test.ts';

const names = ['alpha', 'beta', 'gamma'];

const test = base
  .extend('project', { scope: 'file' }, async ({ place }) => {
    const folder = join(place.folder, 'waiting');
    await createProject(folder);
    knowProject(place, folder);
    const project = openProject(folder);
    const write = async (name: string, content: string | Uint8Array): Promise<string> => {
      const file = join(place.folder, name);
      await writeFile(file, content);
      return file;
    };
    const remove = (): Promise<void> => rm(folder, { recursive: true });
    await prepareRuns({ project, folder, write, remove }, names);
    project.close();
    return folder;
  })
  /** Training in another project, which keeps the runs of this one waiting. */
  .extend('elsewhere', { scope: 'file' }, ({ place }, { onCleanup }): ProcessLock => {
    const file = join(place.folder, 'loam', 'locks', 'training.lock');
    const work = trainingWork({ run: 'long-1', folder: join(place.folder, 'reports') });
    const lock = acquireLock(file, work);
    if (lock === undefined) throw new Error('Somebody trains here.');
    onCleanup(() => lock.release());
    return lock;
  });

const queue = (page: Page) => page.getByRole('list', { name: 'Waiting to train' });
const order = async (page: Page) =>
  (await queue(page).getByRole('link').allInnerTexts()).map((name) => name.trim());

test('runs that wait are reordered and taken out; what they wait for is told as another project’s', async ({
  open,
  project,
  elsewhere,
}) => {
  const { page } = await open({ project, path: '/runs' });
  await settled(page);
  for (const name of names) {
    await page.getByRole('button', { name: `Start: ${name}` }).click();
    await page.getByRole('button', { name: `Pause: ${name}` }).waitFor({ timeout: 60_000 });
  }
  await page.getByRole('link', { name: 'Activity' }).click();
  await expect.poll(() => order(page), { timeout: 60_000 }).toEqual(names);
  await page.getByRole('button', { name: 'Train gamma next' }).click();
  await expect.poll(() => order(page)).toEqual(['gamma', 'alpha', 'beta']);
  await page.getByRole('button', { name: 'Move gamma down' }).click();
  await expect.poll(() => order(page)).toEqual(['alpha', 'gamma', 'beta']);
  await page.getByRole('button', { name: 'Move beta up' }).click();
  await expect.poll(() => order(page)).toEqual(['alpha', 'beta', 'gamma']);
  expect(await page.getByRole('button', { name: 'Move alpha up' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Move gamma down' }).isDisabled()).toBe(true);

  // Whose training it is stands beside it, and no path does.
  await page
    .getByRole('list', { name: 'In another project' })
    .getByText('long-1 trains in reports')
    .waitFor();
  await page.getByRole('main').getByText('Waiting for run long-1 of project reports').first().waitFor();
  expect(await page.getByRole('main').innerText()).not.toContain(project.slice(0, project.lastIndexOf('/')));

  for (const name of names.toReversed()) {
    await page.getByRole('button', { name: `Take ${name} out of the queue` }).click();
    await queue(page).getByRole('link', { name }).waitFor({ state: 'detached', timeout: 30_000 });
  }
  elsewhere.release();
  await page.getByRole('list', { name: 'In another project' }).waitFor({ state: 'detached' });
});
