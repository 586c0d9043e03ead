import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';

/**
 * The browser of this place among those where test files run at the same time: one serves all files that come to the place,
 * one after the other, so that none waits for a start, and no two share what a browser has but once, such as the clipboard.
 * Closing it closes what was opened by this connection.
 */
export function connectToBrowser(): Promise<Browser> {
  const addresses = inject('browserAddresses');
  const place = Number(process.env['VITEST_POOL_ID'] ?? '1') - 1;
  const address = addresses[place];
  if (address === undefined)
    throw new Error(`There is no browser for place ${place} of ${addresses.length}.`);
  return chromium.connect(address);
}
