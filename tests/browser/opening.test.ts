import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { writeOpeningPage } from '../../src/main/hosts/server/opening-page.ts';
import { launchBrowser } from './harness/studio-page.ts';
import { serveStudio } from './harness/studio-server.ts';
import { test } from './harness/studio-test.ts';

test('the file that is opened leads a browser in by the studio’s own name, or by its number where it does not find that', async ({
  place,
  browser,
  onTestFinished,
}) => {
  const server = await serveStudio(place);
  onTestFinished(server.stop);
  const plainLink = server.link.replace(new URL(server.link).hostname, '127.0.0.1');
  const ways = { link: server.link, plainLink };

  const context = await browser.newContext();
  const page = await context.newPage();
  const opening = await writeOpeningPage(join(place.folder, 'loam'), ways);
  await page.goto(pathToFileURL(opening.path).href);
  await page.waitForURL((url) => url.origin === server.origin && url.search === '');
  await page.getByRole('textbox', { name: 'Open a project by its folder' }).waitFor();
  // A second window of the same browser, and reloading, need no link.
  const second = await context.newPage();
  await second.goto(server.origin);
  await second.reload();
  await second.getByRole('textbox', { name: 'Open a project by its folder' }).waitFor();

  const withoutNames = await launchBrowser({
    arguments: ['--host-resolver-rules=MAP *.localhost ^NOTFOUND'],
  });
  onTestFinished(() => withoutNames.close());
  const other = await withoutNames.newPage();
  await other.goto(pathToFileURL(opening.path).href);
  // The link is used up, and the page says what to do.
  await other.getByText('loam session new').waitFor();
  expect(new URL(other.url()).hostname).toBe('127.0.0.1');
});
