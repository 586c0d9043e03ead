import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test as base } from 'vitest';
import {
  launchBrowser,
  openStudioPage,
  type LaunchOptions,
  type PageOptions,
  type StudioPage,
} from './studio-page.ts';
import { makePlace, serveStudio, type StudioServer } from './studio-server.ts';

/** Pictures of pages whose tests failed, for whoever looks into it; git ignores the folder. */
const failures = resolve(import.meta.dirname, '../../../out/browser-failures');

export interface OpenOptions extends PageOptions {
  /** Another server than the file's own. */
  readonly server?: StudioServer;
}

/**
 * A test with a browser and a served studio. The tests of a file share both; `open` gives each test windows of its own,
 * and a window in which anything went wrong fails the test that opened it.
 */
export const test = base
  .extend('launchOptions', { scope: 'file' }, (): LaunchOptions => ({}))
  .extend('folderName', { scope: 'file' }, 'loam-browser-')
  .extend('place', { scope: 'file' }, async ({ folderName }, { onCleanup }) => {
    const place = await makePlace(folderName);
    onCleanup(place.remove);
    return place;
  })
  .extend('browser', { scope: 'file' }, async ({ launchOptions }, { onCleanup }) => {
    const browser = await launchBrowser(launchOptions);
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('server', { scope: 'file' }, async ({ place }, { onCleanup }) => {
    const server = await serveStudio(place);
    onCleanup(server.stop);
    return server;
  })
  .extend('open', async ({ browser, server, task, onTestFailed }, { onCleanup }) => {
    const windows: StudioPage[] = [];
    onTestFailed(async () => {
      for (const [index, { page, faults }] of windows.entries()) {
        if (page.isClosed()) continue;
        await mkdir(failures, { recursive: true });
        const picture = join(failures, `${task.name.replaceAll(/[^a-z0-9]+/gi, '-')}-${index + 1}.png`);
        await page.screenshot({ path: picture, fullPage: true });
        const shown = await page.locator('body').ariaSnapshot();
        process.stderr.write(
          `\n${task.name}: window ${index + 1} at ${page.url()}, pictured in ${picture}\n${shown}\n${faults.join('\n')}\n`,
        );
      }
    });
    onCleanup(async () => {
      const faults = windows.flatMap((window) => window.faults);
      for (const { context } of windows) await context.close();
      if (faults.length > 0) throw new Error(`In the window:\n${faults.join('\n')}`);
    });
    return async (options: OpenOptions = {}): Promise<StudioPage> => {
      const window = await openStudioPage(browser, options.server ?? server, options);
      windows.push(window);
      return window;
    };
  });
