import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { onnxRuntimeVersion } from '../../../src/main/llm/engines/onnxruntime/version.ts';
import { describeHardware } from '../../../src/main/studio/hardware/hardware.ts';
import { sample } from '../harness/sample-project.ts';
import { settled } from '../harness/screens.ts';
import type { StudioPlace } from '../harness/studio-server.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base.extend('project', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

const small = { width: 800, height: 600 };
const { processor } = describeHardware();

async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
}

const packFolder = (place: StudioPlace) => join(place.folder, 'loam', 'engines', 'tensorflow');

/** A pack as it lies after an installation. Its library is a word: a page shows it, and nothing can compute with it. */
async function pretendPack(place: StudioPlace): Promise<void> {
  const folder = packFolder(place);
  const content = 'nothing';
  const file = {
    path: 'binding.node',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  await writeJson(join(folder, 'pack.json'), {
    format: 1,
    engine: 'tensorflow',
    version: '2.15.1',
    device: 'cpu',
    deviceName: processor,
    platform: process.platform,
    architecture: process.arch,
    source: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    unknownFiles: ['tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'],
    installedAt: '2026-01-01T00:00:00.000Z',
    libraries: [],
    binding: file,
  });
  await writeFile(join(folder, file.path), content);
}

/** What both engines did when they were measured. */
async function pretendBenchmarks(place: StudioPlace): Promise<void> {
  const common = { memoryBytes: 1e9, processor, device: processor, threads: 2 };
  const measuredAt = new Date(Date.now() - 2 * 3_600_000).toISOString();
  await writeJson(join(place.folder, 'loam', 'engine-benchmarks.json'), {
    onnxruntime: {
      ...common,
      matrixGigaflops: 160,
      secondsPerStep: 0.156,
      tokensPerSecond: 540,
      version: onnxRuntimeVersion,
      measuredAt,
    },
    tensorflow: {
      ...common,
      matrixGigaflops: 130,
      secondsPerStep: 0.214,
      tokensPerSecond: 60,
      version: '2.15.1',
      measuredAt,
    },
  });
}

const chooseUsual = (place: StudioPlace, engine: string) =>
  writeJson(join(place.folder, 'loam', 'settings.json'), { engine });

const removePack = (place: StudioPlace) => rm(packFolder(place), { recursive: true, force: true });

/** Buttons of the page that reach beyond the window or the card that they stand in, and texts that are cut at its side. */
function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const main = document.querySelector('main') ?? document.body;
    return [...main.querySelectorAll('button, a, li, p, dd')].flatMap((element) => {
      const card = element.closest('section') ?? main;
      const limit = Math.min(window.innerWidth, card.getBoundingClientRect().right);
      return element.getBoundingClientRect().right > limit + 0.5 ||
        element.scrollWidth > element.clientWidth + 1
        ? [`${element.tagName} ${element.textContent.slice(0, 40)}`]
        : [];
    });
  });
}

for (const state of ['installed', 'broken', 'absent'] as const)
  test(`a window of 800 pixels cuts nothing off the engines while TensorFlow is ${state}`, async ({
    open,
    place,
  }) => {
    await removePack(place);
    if (state !== 'absent') await pretendPack(place);
    if (state === 'broken') await writeFile(join(packFolder(place), 'binding.node'), 'something else');
    await pretendBenchmarks(place);
    const { page } = await open({ path: '/hardware', viewport: small });
    await settled(page);
    const entry = page.getByRole('listitem').filter({ hasText: /^TensorFlow/ });
    await entry.getByRole('button', { name: /^Install/ }).waitFor();
    expect(await entry.getByRole('button').count()).toBe(state === 'absent' ? 1 : 2);
    expect(await cutOff(page)).toEqual([]);
    // As a table, each of them was more than the window's height.
    for (const box of await page
      .getByRole('list', { name: 'What can compute' })
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.getBoundingClientRect().height)))
      expect(box).toBeLessThan(320);
  });

test('what was measured is told exactly: with which model, when, and which engine is faster by how much', async ({
  open,
  place,
}) => {
  await pretendPack(place);
  await pretendBenchmarks(place);
  const { page } = await open({ path: '/hardware' });
  await settled(page);
  await page
    .getByText('ONNX Runtime trains 1.4 times as fast as TensorFlow here, and writes 9 times as fast.')
    .waitFor();
  const entry = (name: RegExp) => page.getByRole('listitem').filter({ hasText: name });
  await entry(/^ONNX Runtime/)
    .getByText('156 ms')
    .waitFor();
  await entry(/^TensorFlow/)
    .getByText('214 ms')
    .waitFor();
  await entry(/^ONNX Runtime/)
    .getByText('Used for training where nothing else is chosen')
    .waitFor();
  await entry(/^TensorFlow/)
    .getByText('Measured 2 hours ago, training and writing with a GPT of 4 layers, width 256')
    .waitFor();
});

/** The wizard's choice of an engine. */
async function openEngineChoice(page: Page) {
  await settled(page);
  await goTo(page, /^Time/);
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  return page.getByRole('combobox', { name: 'Engine' });
}

const goTo = (page: Page, step: RegExp) =>
  page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: step }).click();

test('the wizard leaves the engine open unless one is chosen, and the review names the one that will train', async ({
  open,
  place,
  project,
}) => {
  await pretendPack(place);
  await pretendBenchmarks(place);
  await chooseUsual(place, 'tensorflow');
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}` });
  const field = await openEngineChoice(page);
  await expect.poll(() => field.innerText()).toBe('Automatic (now TensorFlow)');
  const estimate = page.getByRole('region', { name: 'Estimate' }).locator('[aria-busy=false]');
  const automatic = await estimate.innerText();

  const reviewed = async (engine: string): Promise<void> => {
    await goTo(page, /^Review/);
    await page.getByText(new RegExp(`^Train .* parameters with ${engine} for`)).waitFor();
  };
  await reviewed('TensorFlow');
  await page.getByText('All settings are those of the preset nano.').waitFor();

  await openEngineChoice(page);
  await field.click();
  await page.getByRole('option', { name: 'ONNX Runtime' }).click();
  await reviewed('ONNX Runtime');
  await page.getByRole('row', { name: /Engine .*Automatic ONNX Runtime/ }).waitFor();

  await openEngineChoice(page);
  await field.click();
  await page.getByRole('option', { name: 'Automatic (now TensorFlow)' }).click();
  await expect.poll(() => estimate.innerText()).toBe(automatic);
  await reviewed('TensorFlow');
  await page.getByText('All settings are those of the preset nano.').waitFor();
  expect(
    await page.evaluate(() =>
      Object.values(sessionStorage).some((value) => /"onnxruntime"|"tensorflow"/.test(String(value))),
    ),
  ).toBe(false);

  // Another usual engine, chosen meanwhile in this window, is the automatic one at once.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Engine' }).click();
  await page.getByRole('option', { name: 'ONNX Runtime' }).click();
  await page.getByText('Saved').first().waitFor();
  await page.goBack();
  await page.getByText(/^Train .* parameters with ONNX Runtime for/).waitFor();
});

test('an engine that is not installed cannot be chosen in the wizard, which leads to where it can be installed', async ({
  open,
  place,
  project,
}) => {
  await removePack(place);
  await chooseUsual(place, 'auto');
  const { page } = await open({ project, path: `/new-model?dataset=${sample.dataset}`, viewport: small });
  const field = await openEngineChoice(page);
  await expect.poll(() => field.innerText()).toBe('Automatic (now ONNX Runtime)');
  expect(
    await field
      .locator('span')
      .evaluateAll((spans) => spans.every((each) => each.scrollWidth <= each.clientWidth)),
  ).toBe(true);
  await field.click();
  const option = page.getByRole('option', { name: /^TensorFlow/ });
  await option.getByText('Not installed').waitFor();
  expect(await option.getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Escape');
  await page.getByText('TensorFlow is not installed.').waitFor();
  await page.getByRole('link', { name: 'Install it under Hardware' }).click();
  await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();
});
