import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserCommand } from '../../../src/main/hosts/server/open-browser.ts';
import { makePlace, type Place } from './loam.ts';

let place: Place;
let pages: string;
beforeAll(async () => {
  place = await makePlace(10);
  pages = join(place.folder, 'pages');
  await mkdir(pages);
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Loam</title>');
  await place.loam('init', place.project);
});
afterAll(() => place.remove());

describe('loam serve', () => {
  test('prints one line of JSON with the link that lets a browser in, and ends in good order', async () => {
    const serving = place.start(
      'serve',
      '--json',
      '--port',
      '0',
      '--pages',
      pages,
      '--project',
      place.project,
    );
    await serving.saw('"serving"');
    serving.process.kill('SIGINT');
    const { code, signal, stdout } = await serving.ended;
    expect([code, signal]).toEqual([0, null]);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    const { link, port } = JSON.parse(lines[0] ?? '') as { link: string; port: number };
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/\\?token=[\\w-]{32}$`));
  });

  test('has another secret at each start', async () => {
    const links: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const serving = place.start('serve', '--no-open', '--port', '0', '--pages', pages);
      await serving.saw('Ctrl-C ends it.');
      serving.process.kill('SIGTERM');
      links.push(/token=([\w-]+)/.exec((await serving.ended).stdout)?.[1] ?? '');
    }
    expect(new Set(links).size).toBe(2);
    expect(links).not.toContain('');
  });

  test('warns whoever opens it to a network', async () => {
    const serving = place.start('serve', '--no-open', '--host', '0.0.0.0', '--port', '0', '--pages', pages);
    await serving.saw('Ctrl-C ends it.');
    serving.process.kill('SIGINT');
    const { stdout, stderr } = await serving.ended;
    expect(stderr).toContain('whoever can reach this machine and has the link');
    expect(stdout).toContain('http://localhost:');
  });

  test('says in words when the pages are not built, and when its port is taken', async () => {
    const unbuilt = await place.loam('serve', '--no-open', '--port', '0', '--pages', place.folder);
    expect(unbuilt.code).toBe(1);
    expect(unbuilt.stderr).toContain('npm run build');
    const holder = createServer();
    await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const second = await place.loam('serve', '--no-open', '--port', String(port), '--pages', pages);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('--port 0');
    expect(second.stderr).not.toContain('    at ');
    holder.close();
  });
});

test('The browser is opened in each system’s own way, and nowhere without a screen', () => {
  const link = 'http://127.0.0.1:1/?token=a';
  expect(browserCommand(link, 'darwin', {})).toEqual({ program: 'open', words: [link] });
  expect(browserCommand(link, 'linux', { DISPLAY: ':0' })).toEqual({ program: 'xdg-open', words: [link] });
  expect(browserCommand(link, 'linux', { WAYLAND_DISPLAY: 'wayland-0' })?.program).toBe('xdg-open');
  expect(browserCommand(link, 'linux', {})).toBeUndefined();
  expect(browserCommand(`${link}&b=c`, 'win32', {})).toEqual({
    program: 'cmd',
    words: ['/c', 'start', '""', `${link}^&b=c`],
  });
});
