import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

describe('in light and in dark, no serious accessibility fault', () => {
  test('on the first screen of all', async ({ open }) => {
    const { page } = await open();
    await settled(page);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  for (const { name, path, chosen } of screens) {
    test(`on ${name} of an empty project`, async ({ open, emptyProject }) => {
      const { page } = await open({ project: emptyProject, path });
      await settled(page);
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });

    test(`on ${name} with data`, async ({ open, trainedProject }) => {
      const { page } = await open({ project: trainedProject, path: chosen ?? path });
      await settled(page);
      expect(await findAccessibilityFaults(page)).toEqual([]);
    });
  }
});
