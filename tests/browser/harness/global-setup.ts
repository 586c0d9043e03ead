import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { builtPages } from './built-pages.ts';
import { findBrowser } from './find-browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A temporary folder of this run of the tests, for what several files share. */
    readonly sharedFolder: string;
  }
}

/** Once for each run of tests that has browser tests in it: a browser is there, and the pages are built. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  findBrowser();
  await builtPages();
  const sharedFolder = await mkdtemp(join(tmpdir(), 'loam-browser-shared-'));
  project.provide('sharedFolder', sharedFolder);
  return () => rm(sharedFolder, { recursive: true, force: true });
}
