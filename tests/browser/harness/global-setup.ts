import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { builtPages } from './built-pages.ts';
import { findBrowser } from './find-browser.ts';
import { launchBrowserServer } from './studio-page.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A temporary folder of this run of the tests, for what several files share. */
    readonly sharedFolder: string;
    /** Where the browsers listen: one for each place in which test files run at the same time. */
    readonly browserAddresses: readonly string[];
  }
}

/** Once for each run of tests that has browser tests in it: the pages are built, and browsers are there. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  findBrowser();
  await builtPages();
  const sharedFolder = await mkdtemp(join(tmpdir(), 'loam-browser-shared-'));
  const browsers = await Promise.all(
    Array.from({ length: project.vitest.config.maxWorkers }, () => launchBrowserServer()),
  );
  project.provide('sharedFolder', sharedFolder);
  project.provide(
    'browserAddresses',
    browsers.map((browser) => browser.wsEndpoint()),
  );
  return async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await rm(sharedFolder, { recursive: true, force: true });
  };
}
