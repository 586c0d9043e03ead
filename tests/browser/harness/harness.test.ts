import { expect } from 'vitest';
import { findAccessibilityFaults } from './accessibility.ts';
import { openStudioPage } from './studio-page.ts';
import { test } from './studio-test.ts';

test('a window tells of errors, of what its policy forbids and of requests beyond the studio', async ({
  browser,
  server,
}) => {
  const { page, context, faults } = await openStudioPage(browser, server);
  await page.getByRole('main').waitFor();
  expect(faults).toEqual([]);
  // The address is one that is reserved for documentation (RFC 5737); the policy stops the request before it is sent.
  await page.evaluate(async () => {
    console.error('Something broke.');
    setTimeout(() => {
      throw new Error('Thrown by the test.');
    });
    const image = new Image();
    const ended = new Promise((resolve) => image.addEventListener('error', resolve));
    image.src = 'http://192.0.2.1/pixel.png';
    await ended;
  });
  await expect.poll(() => faults.join('\n')).toContain('Thrown by the test.');
  expect(faults.join('\n')).toContain('Something broke.');
  expect(faults.join('\n')).toMatch(/Content Security Policy|request beyond the studio/);
  await context.close();
});

test('a page that nobody could use without seeing it is told', async ({ browser, server }) => {
  const { page, context } = await openStudioPage(browser, server);
  await page.getByRole('main').waitFor();
  await page.evaluate(() => {
    document.querySelector('main')?.append(document.createElement('button'));
  });
  expect((await findAccessibilityFaults(page)).join('\n')).toContain('button-name');
  await context.close();
});
