import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  callsBeyondThisMachine,
  canTrace,
  ifNotTraced,
  personsEnvironment,
  tracing,
} from '../hosts/network-calls.ts';
import { startRequestRecorder } from './harness/request-recorder.ts';
import { settled } from './harness/screens.ts';
import { launchBrowser, openStudioPage } from './harness/studio-page.ts';
import { makePlace, serveStudio } from './harness/studio-server.ts';
import { picture, test } from './harness/studio-test.ts';

/** Long enough to be paused on the way, on a quick machine too. */
const steps = 160;
/** How long training and preparing may take on a slow machine, in milliseconds. */
const patient = { timeout: 120_000 };

const main = (page: Page) => page.getByRole('main');
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

async function goTo(page: Page, screen: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Loam' })
    .getByRole('link', { name: screen, exact: true })
    .click();
  await settled(page);
}

async function makeProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('records');
  await page.getByRole('button', { name: 'Make project' }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Data' }).waitFor();
}

async function importSample(page: Page): Promise<void> {
  await settled(page);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await dialog(page, 'Bundled sample')
    .getByRole('button', { name: /^Stories/ })
    .click();
  const importing = dialog(page, 'Add data');
  await importing.getByText('812 files').waitFor();
  await importing.getByRole('textbox', { name: 'Name of the dataset' }).fill('stories');
  await importing.getByRole('button', { name: 'Import', exact: true }).click();
  await importing.waitFor({ state: 'hidden' });
  await page.getByText('Dataset stories is ready').first().waitFor(patient);
}

async function trainTokenizer(page: Page): Promise<void> {
  await goTo(page, 'Tokenizer');
  await page.getByRole('button', { name: 'Train a tokenizer' }).first().click();
  const training = dialog(page, 'Train a tokenizer');
  await training.getByRole('textbox', { name: 'Vocabulary size' }).fill('512');
  await training.getByRole('textbox', { name: 'Name' }).fill('words');
  await training.getByRole('button', { name: 'Train', exact: true }).click();
  await training.waitFor({ state: 'hidden' });
  await main(page).getByRole('heading', { level: 2, name: /words/ }).waitFor(patient);
  await page.getByRole('textbox', { name: 'Your text' }).fill('The pump');
  await page
    .getByRole('listbox', { name: 'Tokens of the text' })
    .getByRole('option', { name: /The/ })
    .first()
    .waitFor();
}

async function goThroughWizard(page: Page): Promise<void> {
  await goTo(page, 'New model');
  const next = page.getByRole('button', { name: 'Next' });
  await next.click();
  await page.getByRole('radio', { name: /^stories/ }).check();
  await next.click();
  await page.getByRole('radio', { name: /^Nano/ }).check();
  await page.getByRole('combobox', { name: 'Tokenizer' }).click();
  await page.getByRole('option', { name: /^words/ }).click();
  await next.click();
  await page.getByRole('radio', { name: /^A number of steps/ }).check();
  await page.getByRole('textbox', { name: 'Steps' }).fill(String(steps));
  await next.click();
  await main(page).getByText(`${steps} steps`).first().waitFor();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('first');
  await page.getByRole('button', { name: 'Start training' }).click();
}

/** What the page says of the run's place, as a number. */
async function stepShown(page: Page): Promise<number> {
  const text = await main(page)
    .getByText(new RegExp(`^[\\d,]+ of ${steps} steps`))
    .first()
    .innerText();
  return Number(/^([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
}

async function watchPauseAndResume(page: Page): Promise<void> {
  await main(page).getByRole('heading', { level: 1, name: 'first' }).waitFor(patient);
  await main(page).getByText('Training', { exact: true }).first().waitFor(patient);
  await page.getByRole('group', { name: 'Loss', exact: true }).locator('canvas').waitFor(patient);
  // The chart lives: its figures grow while one looks on.
  const before = await stepShown(page);
  await expect.poll(() => stepShown(page), patient).toBeGreaterThan(before);

  await page.getByRole('button', { name: 'Pause' }).click();
  await main(page).getByText('Paused', { exact: true }).first().waitFor(patient);
  const paused = await stepShown(page);
  expect(paused).toBeLessThan(steps);

  await page.reload();
  await settled(page);
  await main(page).getByText('Paused', { exact: true }).first().waitFor();
  expect(await stepShown(page)).toBe(paused);
  await page.getByRole('group', { name: 'Loss', exact: true }).locator('canvas').waitFor();

  await page.getByRole('button', { name: 'Go on' }).click();
  await main(page).getByText('Done', { exact: true }).first().waitFor(patient);
  expect(await stepShown(page)).toBe(steps);
  await page.getByRole('tab', { name: 'Samples' }).click();
  await main(page).getByText(`Step ${steps}`).first().waitFor();
}

async function write(page: Page): Promise<void> {
  await goTo(page, 'Write');
  await page.getByRole('textbox', { name: 'Your text' }).fill('The pump');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const text = main(page).getByRole('group', { name: /^The text so far/ });
  await expect
    .poll(async () => (await text.innerText()).length, patient)
    .toBeGreaterThan('The pump'.length + 10);
  await page.getByRole('button', { name: 'Write again' }).waitFor(patient);
}

async function exportModel(page: Page): Promise<void> {
  await goTo(page, 'Export');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Show how to use it' }).click(patient);
  await page.getByText('Run and compared').waitFor();
}

/** Everything that a person does from a first start to a model that another program can run. */
async function walkWholePath(page: Page): Promise<void> {
  await makeProject(page);
  await importSample(page);
  await trainTokenizer(page);
  await goThroughWizard(page);
  await watchPauseAndResume(page);
  await write(page);
  await exportModel(page);
}

test(
  `from a first start to an exported model, by pointing and clicking; nobody beyond this machine is called${ifNotTraced}`,
  { timeout: 400_000 },
  async ({ onTestFinished, expect: check }) => {
    const place = await makePlace('loam-whole-path-');
    onTestFinished(place.remove);
    const home = { ...personsEnvironment(place.folder), NODE_ENV: 'production' };
    for (const folder of ['home', 'temporary']) await mkdir(join(place.folder, folder), { recursive: true });
    const trace = join(place.folder, 'network.trace');
    const server = await serveStudio(place, {
      environment: home,
      ...(canTrace ? { under: tracing(trace) } : {}),
    });
    onTestFinished(server.stop);
    const recorder = await startRequestRecorder();
    onTestFinished(recorder.close);
    const browser = await launchBrowser({ arguments: recorder.arguments });
    onTestFinished(() => browser.close());
    const window = await openStudioPage(browser, server);
    const { page, faults } = window;

    await walkWholePath(page).catch(async (error: unknown) => {
      await picture('whole path', [window]);
      throw error;
    });

    check(faults).toEqual([]);
    check(recorder.hosts(), 'hosts that the browser asked for').toEqual([]);
    await browser.close();
    await server.stop();
    if (!canTrace) return;
    const calls = (await readFile(trace, 'utf8')).split('\n');
    // The trace is one of the server and its workers: they spoke to the page, and over pipes to each other.
    check(calls.some((call) => call.includes('inet_addr("127.0.0.1")'))).toBe(true);
    check(new Set(calls.map((call) => call.split(' ')[0])).size).toBeGreaterThan(3);
    check(callsBeyondThisMachine(calls)).toEqual([]);
    // Loam's own files lie elsewhere: whatever is left here is another's, such as what telemetry keeps.
    check(await readdir(join(place.folder, 'temporary'))).toEqual([]);
  },
);
