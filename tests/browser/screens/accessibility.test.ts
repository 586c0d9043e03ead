import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { findAccessibilityFaults } from '../harness/accessibility.ts';
import { loamMain } from '../harness/sample-project.ts';
import { screens, settled } from '../harness/screens.ts';
import { test as base } from '../harness/studio-test.ts';
import { copyTrainedProject } from '../harness/trained-project.ts';

const test = base
  .extend('emptyProject', { scope: 'file' }, async ({ place }) => {
    const folder = join(place.folder, 'empty');
    await promisify(execFile)(process.execPath, [loamMain, 'init', folder], { env: place.environment });
    return folder;
  })
  .extend('trainedProject', { scope: 'file' }, ({ place }) => copyTrainedProject(place));

/** Goes from screen to screen in one window, as a person does. @returns each fault with the screen that has it. */
async function faultsOnScreens(page: Page, pathOf: (screen: (typeof screens)[number]) => string) {
  const found: string[] = [];
  for (const screen of screens) {
    await page.evaluate((path) => {
      location.hash = path;
    }, pathOf(screen));
    await page.waitForFunction((path) => location.hash.startsWith(`#${path}`), screen.path);
    await settled(page);
    for (const fault of await findAccessibilityFaults(page)) found.push(`${screen.name}: ${fault}`);
  }
  return found;
}

// Thirteen screens in a test: with the rules of the whole page, twice each.
describe('in light and in dark, no serious accessibility fault', { timeout: 240_000 }, () => {
  test('on the first screen of all', async ({ open }) => {
    const { page } = await open();
    await settled(page);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  test('on any screen of an empty project', async ({ open, emptyProject }) => {
    const { page } = await open({ project: emptyProject });
    expect(await faultsOnScreens(page, ({ path }) => path)).toEqual([]);
  });

  test('on any screen with data', async ({ open, trainedProject }) => {
    const { page } = await open({ project: trainedProject });
    expect(await faultsOnScreens(page, ({ path, chosen }) => chosen ?? path)).toEqual([]);
  });
});
