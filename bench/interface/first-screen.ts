import type { Browser } from 'playwright-core';
import { openStudioPage, type PagesServer } from '../../tests/browser/harness/studio-page.ts';

declare global {
  interface Window {
    /** When the first screen could be used, in milliseconds since the page was asked for. */
    loamUsable?: number;
  }
}

/**
 * The time from asking for the page until its first screen is there and can be pressed, in milliseconds; a browser with
 * nothing kept from before.
 */
export async function measureFirstScreen(browser: Browser, server: PagesServer): Promise<number> {
  const { page, context } = await openStudioPage(browser, server, {
    beforePage: () => {
      const look = (): void => {
        const button = document.querySelector('main button:not(:disabled), main a[href]');
        if (document.querySelector('main h1') !== null && button !== null)
          window.loamUsable = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
  });
  await page.waitForFunction(() => window.loamUsable !== undefined);
  const usable = await page.evaluate(() => window.loamUsable ?? Number.NaN);
  await context.close();
  return usable;
}
