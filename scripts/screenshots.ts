// Takes the pictures of docs/screenshots that the README shows: every screen, light and dark, of a sample project with
// models that really trained. Takes some minutes. Give names of screens to take those alone.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { trainSampleProject, sample } from '../tests/browser/harness/sample-project.ts';
import { settled } from '../tests/browser/harness/screens.ts';
import { launchBrowser, laptop, openStudioPage } from '../tests/browser/harness/studio-page.ts';
import {
  knowProject,
  makePlace,
  serveStudio,
  type StudioPlace,
  type StudioServer,
} from '../tests/browser/harness/studio-server.ts';
import { unfilteredPng } from './unfiltered-png.ts';

const root = join(import.meta.dirname, '..');
const pictures = join(root, 'docs', 'screenshots');
const loam = join(root, 'src', 'main', 'hosts', 'cli', 'main.ts');
/** A picture for a README: larger ones make the clone heavy. */
const mostBytes = 200_000;

/** A second model for the comparison, which begins more slowly. */
const slower = 'slower-model';
const secondModel = `train --dataset ${sample.dataset} --tokenizer ${sample.tokenizer} --preset nano --steps 1000 --name ${slower} --set training.learningRate=0.0004 --set training.evaluationInterval=100`;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** Brings the screen into the state that is worth a picture. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const shown: readonly Picture[] = [
  { name: 'start', path: '/' },
  {
    name: 'data',
    path: `/data?dataset=${sample.dataset}`,
    // At the first look the documents are read.
    prepare: async (page) => {
      const documents = page.getByRole('grid').getByRole('row');
      await documents.nth(8).dblclick({ timeout: 120_000 });
      await page.getByText('812 documents').first().waitFor();
    },
  },
  { name: 'tokenizers', path: `/tokenizers?tokenizer=${sample.tokenizer}` },
  {
    name: 'new-model',
    path: `/new-model?dataset=${sample.dataset}`,
    prepare: async (page) => {
      await page
        .getByRole('navigation', { name: 'Steps to a model' })
        .getByRole('button', { name: /^Model/ })
        .click();
      await page.getByRole('radio', { name: /^Nano/ }).waitFor();
      await page.getByText('What to expect').first().waitFor();
    },
  },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: `/runs/${sample.run}` },
  {
    name: 'compare',
    path: `/compare?runs=${sample.run},${slower}`,
    prepare: (page) => page.getByRole('region', { name: 'How they did' }).waitFor(),
  },
  { name: 'models', path: '/models', prepare: (page) => page.getByRole('row').nth(1).click() },
  {
    name: 'write',
    path: `/write?checkpoint=${sample.run}@best`,
    prepare: async (page) => {
      const again = page.getByRole('button', { name: 'Write again' });
      await page.getByRole('textbox', { name: 'Your text' }).fill('The pump');
      await page.getByRole('button', { name: 'Write', exact: true }).click();
      await again.waitFor({ timeout: 120_000 });
    },
  },
  { name: 'evaluate', path: `/evaluate?checkpoint=${sample.run}@best` },
  { name: 'export', path: `/export?checkpoint=${sample.run}@best` },
  { name: 'activity', path: '/activity' },
  { name: 'settings', path: '/settings' },
  { name: 'hardware', path: '/hardware' },
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Shows paths as they are at home, since a picture of this machine's temporary folder would puzzle its readers. */
async function showUsualPaths(page: Page, place: StudioPlace): Promise<void> {
  const usual = [
    [join(place.folder, 'home'), '/home/you'],
    [join(place.folder, 'loam'), '/home/you/.local/share/loam'],
  ] as const;
  await page.evaluate((replacements) => {
    const replaced = (text: string): string =>
      replacements.reduce((before, [from, to]) => before.replaceAll(from, to), text);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
      if (node.nodeValue !== null) node.nodeValue = replaced(node.nodeValue);
    for (const input of document.querySelectorAll('input')) input.value = replaced(input.value);
  }, usual);
}

async function takePicture(
  browser: Browser,
  server: StudioServer,
  place: StudioPlace,
  project: string,
  { name, path, prepare }: Picture,
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, context } = await openStudioPage(browser, server, {
      project,
      path,
      colorScheme,
      viewport: laptop,
    });
    await settled(page);
    await prepare?.(page);
    await page.evaluate(() => document.fonts.ready);
    // What was drawn last is on the screen, and the pointer is over nothing.
    await page.mouse.move(0, 0);
    await page.evaluate(
      () => new Promise((resolve) => void requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await showUsualPaths(page, place);
    const file = join(pictures, `${name}-${colorScheme}.png`);
    const picture = unfilteredPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    await writeFile(file, picture);
    await context.close();
    const size = picture.length;
    say(`${relative(root, file)} · ${Math.round(size / 1000)} kB${size > mostBytes ? ', too large' : ''}`);
    if (size > mostBytes) process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !shown.some((picture) => picture.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no screen ${unknown.join(', ')}. There are: ${shown.map(({ name }) => name).join(', ')}.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const place = await makePlace('loam-screenshots-');
  try {
    // The folder's name is the project's.
    const project = join(place.projectsFolder, 'Service desk');
    await mkdir(place.projectsFolder, { recursive: true });
    say('Training the models that the pictures show …');
    await trainSampleProject({ folder: project, home: place.folder, steps: 1500 });
    // It was made in another home.
    knowProject(place, project);
    await promisify(execFile)(process.execPath, [loam, ...secondModel.split(' '), '--project', project], {
      env: place.environment,
      maxBuffer: 64 * 2 ** 20,
    });
    const server = await serveStudio(place);
    const browser = await launchBrowser();
    await mkdir(pictures, { recursive: true });
    if (names.length === 0)
      for (const file of await readdir(pictures)) if (file.endsWith('.png')) await rm(join(pictures, file));
    for (const picture of shown)
      if (names.length === 0 || names.includes(picture.name))
        await takePicture(browser, server, place, project, picture);
    await browser.close();
    await server.stop();
  } finally {
    await place.remove();
  }
}

await main();
