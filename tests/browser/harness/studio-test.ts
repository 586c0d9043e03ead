import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { test as base } from 'vitest';
import { connectToBrowser } from './shared-browser.ts';
import {
  isUsual,
  openStudioPage,
  openStudioPageAgain,
  type PageOptions,
  type PagesServer,
  type StudioPage,
} from './studio-page.ts';
import { makePlace, serveStudio } from './studio-server.ts';

/** Pictures of pages whose tests failed, for whoever looks into it; git ignores the folder. */
const failures = resolve(import.meta.dirname, '../../../out/browser-failures');

export interface OpenOptions extends PageOptions {
  /** Another server than the file's own. */
  readonly server?: PagesServer;
}

/**
 * A test with a browser and a served studio. The tests of a file share both; `open` gives each test windows of its own, which
 * know nothing of earlier ones, and a window in which anything went wrong fails the test that opened it.
 */
export const test = base
  .extend('folderName', { scope: 'file' }, 'loam-browser-')
  .extend('place', { scope: 'file' }, async ({ folderName }, { onCleanup }) => {
    const place = await makePlace(folderName);
    onCleanup(place.remove);
    return place;
  })
  .extend('browser', { scope: 'file' }, async ({ folderName: _folderName }, { onCleanup }) => {
    const browser = await connectToBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('server', { scope: 'file' }, async ({ place }, { onCleanup }) => {
    const server = await serveStudio(place);
    onCleanup(server.stop);
    return server;
  })
  /** What `open` opens. */
  .extend('pages', { scope: 'file' }, ({ server }): PagesServer => server)
  /** Where windows of earlier tests were, for those of later ones. */
  .extend('closed', { scope: 'file' }, ({ browser: _browser }): BrowserContext[] => [])
  .extend('open', async ({ browser, pages, closed, task }, { onCleanup }) => {
    const windows: StudioPage[] = [];
    const usual = new Set<BrowserContext>();
    onCleanup(async () => {
      if (task.result?.state === 'fail') await picture(task.name, windows);
      const faults = windows.flatMap((window) => window.faults);
      for (const { context } of windows)
        if (usual.has(context)) {
          for (const page of context.pages()) await page.close();
          closed.push(context);
        } else await context.close();
      if (faults.length > 0) throw new Error(`In the window:\n${faults.join('\n')}`);
    });
    return async (options: OpenOptions = {}): Promise<StudioPage> => {
      const server = options.server ?? pages;
      const context = isUsual(options) ? closed.pop() : undefined;
      const window =
        context === undefined
          ? await openStudioPage(browser, server, options)
          : await openStudioPageAgain(context, server, options);
      windows.push(window);
      if (isUsual(options)) usual.add(window.context);
      return window;
    };
  });

/** Shows what the windows of a failed test showed. */
export async function picture(name: string, windows: readonly StudioPage[]): Promise<void> {
  await mkdir(failures, { recursive: true });
  for (const [index, { page, faults }] of windows.entries()) {
    const path = join(failures, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${index + 1}.png`);
    const shown = await (async () => {
      await page.screenshot({ path, timeout: 5000 });
      // With a dialog open, nothing but the dialog is there for those who listen.
      return page.locator('main, [role=dialog], [role=alertdialog]').last().ariaSnapshot({ timeout: 5000 });
    })().catch((error: unknown) => `It cannot be shown: ${String(error)}`);
    process.stderr.write(
      `\n${name}: window ${index + 1} at ${page.url()}, pictured in ${path}\n${shown.slice(0, 5000)}\n${faults.join('\n')}\n`,
    );
  }
}
