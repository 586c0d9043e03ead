import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserCommand } from '../../../src/main/hosts/server/open-browser.ts';
import { writeOpeningPage } from '../../../src/main/hosts/server/opening-page.ts';
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
    const { link, plainLink, port } = JSON.parse(lines[0] ?? '') as {
      readonly link: string;
      readonly plainLink: string;
      readonly port: number;
    };
    expect(link).toMatch(new RegExp(`^http://loam-[0-9a-f]{16}\\.localhost:${port}/\\?code=[\\w-]{32}$`));
    expect(plainLink).toBe(link.replace(new URL(link).hostname, '127.0.0.1'));
  });

  test('is asked for further links, and who is let in, by commands of the same person', async () => {
    const serving = place.start('serve', '--no-open', '--port', '0', '--pages', pages);
    await serving.saw('Ctrl-C ends it.');
    const made = await place.loam('session', 'new', '--plain', '--json');
    const { link } = JSON.parse(made.stdout) as { readonly link: string };
    const entering = await fetch(link, {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' },
    });
    expect(entering.status).toBe(200);
    const cookie = entering.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const isLetIn = async () =>
      (await fetch(new URL('/session', link), { headers: { cookie } })).status === 204;
    expect(await isLetIn()).toBe(true);
    const listed = await place.loam('session', 'list');
    expect(listed.stdout).toContain('Firefox on Linux');
    const id = /^([0-9a-f]{8}) /m.exec(listed.stdout)?.[1] ?? '';
    expect((await place.loam('session', 'revoke', id)).stdout).toBe('The session is revoked.\n');
    expect(await isLetIn()).toBe(false);
    const { stdout: command } = spawnSync('ps', ['-o', 'args=', '-p', String(serving.process.pid)], {
      encoding: 'utf8',
    });
    expect(command).not.toContain('code=');
    serving.process.kill('SIGTERM');
    const { stdout } = await serving.ended;
    const codes = [stdout, link].map((text) => /code=([\w-]{32})/.exec(text)?.[1]);
    expect(new Set(codes).size).toBe(2);
    const gone = await place.loam('session', 'new');
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('No studio of yours runs here');
  });

  test('warns whoever opens it to a network', async () => {
    const serving = place.start('serve', '--no-open', '--host', '0.0.0.0', '--port', '0', '--pages', pages);
    await serving.saw('Ctrl-C ends it.');
    serving.process.kill('SIGINT');
    const { stdout, stderr } = await serving.ended;
    expect(stderr).toContain('whoever can reach this machine and has a link');
    expect(stderr).toContain('is not encrypted: whoever listens on the network');
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

test('The browser is opened by a file that only its owner can read, which holds both ways in', async () => {
  const ways = { link: 'http://loam-1.localhost:1/?code=abc', plainLink: 'http://127.0.0.1:1/?code=abc' };
  const page = await writeOpeningPage(place.folder, ways);
  const { mode } = await stat(page.path);
  if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
  expect(page.path).not.toContain('abc');
  const text = await readFile(page.path, 'utf8');
  for (const part of [ways.link, ways.plainLink, 'http://loam-1.localhost:1/here.svg'])
    expect(text).toContain(part);
  await page.remove();
  await expect(stat(page.path)).rejects.toThrow('ENOENT');
});

test('The browser is opened in each system’s own way, and nowhere without a screen', () => {
  const file = '/home/a/open & go.html';
  expect(browserCommand(file, 'darwin', {})).toEqual({ program: 'open', words: [file] });
  expect(browserCommand(file, 'linux', { DISPLAY: ':0' })).toEqual({ program: 'xdg-open', words: [file] });
  expect(browserCommand(file, 'linux', { WAYLAND_DISPLAY: 'wayland-0' })?.program).toBe('xdg-open');
  expect(browserCommand(file, 'linux', {})).toBeUndefined();
  expect(browserCommand(file, 'win32', {})).toEqual({
    program: 'cmd',
    words: ['/c', 'start', '""', `"${file}"`],
  });
});
