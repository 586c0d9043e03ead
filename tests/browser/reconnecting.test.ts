import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { settled } from './harness/screens.ts';
import { openSecondWindow } from './harness/studio-page.ts';
import { serveStudio } from './harness/studio-server.ts';
import { loamMain } from './harness/sample-project.ts';
import { test } from './harness/studio-test.ts';

/** What a browser itself writes to the console about a server that is away, or that wants to be opened by its new link. */
const away = [/WebSocket connection to/, /Failed to load resource/];

test('a page whose server ends says so, says how to get back in after a new start, and then goes on with nothing lost', async ({
  open,
  place,
  onTestFinished,
}) => {
  const project = join(place.folder, 'project');
  await promisify(execFile)(process.execPath, [loamMain, 'init', project], { env: place.environment });
  const first = await serveStudio(place, { project });
  onTestFinished(first.kill);
  const window = await open({ server: first, path: '/hardware', expectedFaults: away });
  const { page } = window;
  await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();
  await settled(page);

  await first.kill();
  const banner = page.getByRole('alert');
  await banner.getByText('The studio does not answer.').waitFor();
  // A screen that was not loaded yet: it comes when the studio does.
  await page.getByRole('navigation').getByRole('link', { name: 'Activity' }).click();

  const second = await serveStudio(place, { project, port: first.port });
  onTestFinished(second.stop);
  await banner.getByText('Loam was restarted').waitFor();

  // The new link lets this browser in again, wherever it is opened.
  const other = await openSecondWindow(window, { origin: second.origin }, { expectedFaults: away });
  await other.page.goto(second.link);
  await banner.getByText('The studio').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor();
  await settled(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Hardware' }).click();
  await page.getByRole('button', { name: 'Look again' }).click();
  await settled(page);
  expect(other.faults).toEqual([]);
});

test('after a new start without a project, the new link leads back to the project that was open', async ({
  open,
  place,
  onTestFinished,
}) => {
  const project = join(place.folder, 'another');
  await promisify(execFile)(process.execPath, [loamMain, 'init', project], { env: place.environment });
  const first = await serveStudio(place, {});
  onTestFinished(first.kill);
  const window = await open({ server: first, expectedFaults: away });
  await window.page.getByRole('textbox', { name: 'Open a project by its folder' }).fill(project);
  await window.page.getByRole('button', { name: 'Open', exact: true }).click();
  await window.page.getByRole('navigation').getByRole('link', { name: 'Data' }).waitFor();
  await first.kill();
  const second = await serveStudio(place, { port: first.port });
  onTestFinished(second.stop);
  await window.page.getByRole('alert').getByText('Loam was restarted').waitFor();

  const other = await openSecondWindow(window, { origin: second.origin }, { expectedFaults: away });
  await other.page.goto(second.link);
  await other.page.getByRole('navigation').getByRole('link', { name: 'Data' }).waitFor();
  expect(other.faults).toEqual([]);
});
