import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loamVersion } from '../../../src/main/studio/version.ts';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildDesktop, type BuiltDesktop } from './built-desktop.ts';
import { startDesktop, startMain, type Desktop, type DesktopOptions } from './desktop.ts';
import { openPage } from './double/page.ts';
import { preventable } from './double/web-contents.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

let built: BuiltDesktop;
beforeAll(async () => {
  built = await buildDesktop();
});

const running: Desktop[] = [];
const start = async (options: DesktopOptions = {}): Promise<Desktop> => {
  const desktop = await startDesktop(built, options);
  running.push(desktop);
  return desktop;
};
afterEach(async () => {
  for (const desktop of running.splice(0)) await desktop.end();
});

describe('The window of the built application', () => {
  test('is sandboxed, isolated and without Node, and shows the pages when they are ready', async () => {
    const { window, double, home } = await start();
    expect(double.record.sandboxed).toBe(true);
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      preload: built.preload,
    });
    expect(window.loaded?.url).toBe('loam://studio/');
    expect(await window.loaded?.response.text()).toContain('<title>Loam</title>');
    expect(window.visible).toBe(true);
    expect(double.record.paths.get('userData')).toBe(join(home, 'window'));
    expect(double.session.spellChecker).toBe(false);
    expect(double.record.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(double.record.version).toBe(loamVersion);
  });

  test('gets its files by a protocol of its own, with the policy that forbids everything else', async () => {
    const { double } = await start();
    expect(double.record.privileged).toEqual([
      {
        scheme: 'loam',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
    const script = await double.load('loam://studio/assets/index-1a2b3c.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    for (const response of [script, await double.load('loam://studio/nothing')]) {
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe-eval');
    }
    for (const address of [
      'loam://studio/../main/index.js',
      'loam://studio/%2e%2e/main/index.js',
      'loam://studio/..%2fmain%2findex.js',
      'loam://studio/..%5cmain',
      'loam://other/index.html',
      'loam://studio/%00',
      'loam://studio/%E0%A4%A',
    ])
      expect((await double.load(address)).status, address).toBe(404);
  });

  test('goes nowhere, opens nothing, holds no other page, and asks for no permission', async () => {
    const { window, double } = await start();
    const { webContents } = window;
    for (const url of [
      'https://elsewhere.example/',
      'file:///etc/passwd',
      'loam://other/',
      'loam://studio.evil/',
    ])
      expect(webContents.navigate(url), url).toBe(false);
    expect(webContents.navigate('loam://studio/#/data')).toBe(true);
    expect(webContents.windowOpenHandler?.({ url: 'https://elsewhere.example/' })).toEqual({
      action: 'deny',
    });
    for (const event of ['will-redirect', 'will-attach-webview'] as const) {
      const tried = preventable();
      webContents.emit(event, tried);
      expect(tried.defaultPrevented, event).toBe(true);
    }
    const granted: Record<string, boolean> = {};
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal'])
      double.session.permissionRequest?.({}, permission, (answer) => {
        granted[permission] = answer || (double.session.permissionCheck?.({}, permission) ?? true);
      });
    expect(Object.values(granted)).toEqual([false, false, false, false, false]);
    expect(double.session.devices?.()).toBe(false);
    expect(double.session.permissionCheck?.({}, 'clipboard-sanitized-write')).toBe(true);
  });

  test('loads nothing from a network, takes no certificate, and downloads only what the page wrote itself', async () => {
    const { double } = await start();
    const isLoaded = (url: string): boolean => {
      let cancelled = true;
      double.session.beforeRequest?.({ url }, ({ cancel }) => {
        cancelled = cancel;
      });
      return !cancelled;
    };
    expect(isLoaded('loam://studio/assets/a.js')).toBe(true);
    expect(isLoaded('data:image/png;base64,AA')).toBe(true);
    for (const url of [
      'https://elsewhere.example/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'ws://x/',
      'loam://other/',
    ])
      expect(isLoaded(url), url).toBe(false);

    const certificate = preventable();
    let accepted = true;
    double.module.app.emit('certificate-error', certificate, {}, '', '', {}, (answer: boolean) => {
      accepted = answer;
    });
    expect([certificate.defaultPrevented, accepted]).toEqual([true, false]);

    const download = (url: string) => {
      const event = preventable();
      let place: string | undefined;
      double.session.downloads.emit('will-download', event, {
        getURL: () => url,
        getFilename: () => 'curve.png',
        setSaveDialogOptions: (given: { readonly defaultPath: string }) => {
          place = given.defaultPath;
        },
      });
      return { refused: event.defaultPrevented, place };
    };
    expect(download('blob:loam://studio/1')).toEqual({ refused: false, place: '/downloads/curve.png' });
    expect(download('https://elsewhere.example/a.exe')).toEqual({ refused: true, place: undefined });
  });

  test('comes back where it was, moved into sight when a display is gone', async () => {
    const first = await start();
    first.window.bounds = { x: 2500, y: 100, width: 1400, height: 900 };
    first.window.maximized = true;
    first.window.close();
    await expect.poll(() => first.double.record.quits, patience).toBe(1);
    const saved = JSON.parse(await readFile(join(first.home, 'window.json'), 'utf8')) as object;
    expect(saved).toEqual({ bounds: { x: 2500, y: 100, width: 1400, height: 900 }, maximized: true });

    const displays = [
      { x: 0, y: 0, width: 1920, height: 1040 },
      { x: 1920, y: 0, width: 1920, height: 1040 },
    ];
    const { double: both } = await startMain(built, { home: first.home, displays });
    expect(both.record.windows[0]?.bounds).toEqual({ x: 2440, y: 100, width: 1400, height: 900 });
    expect(both.record.windows[0]?.maximized).toBe(true);
    const { double: one } = await startMain(built, { home: first.home, displays: displays.slice(0, 1) });
    expect(one.record.windows[0]?.options.x).toBeUndefined();
    expect(one.record.windows[0]?.options.width).toBe(1280);
    await writeFile(join(first.home, 'window.json'), 'damaged');
    const { double: damaged } = await startMain(built, { home: first.home });
    expect(damaged.record.windows[0]?.options.width).toBe(1280);
    for (const double of [both, one, damaged])
      double.module.powerMonitor.emit('shutdown', { preventDefault: () => undefined });
  });

  test('is loaded anew when its process ends, and says so; not again and again', async () => {
    const { window, double } = await start();
    for (let i = 0; i < 4; i += 1)
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(window.webContents.reloads).toBe(3);
    expect(double.record.questions.map(({ message }) => message)).toEqual([
      'The window had to be loaded anew',
      'The window had to be loaded anew',
      'The window had to be loaded anew',
      'The window cannot be shown',
    ]);
  });
});

test('A defect is told once in words, and written down each time with its stack', async () => {
  const { double, home } = await start({ keepsHandlers: true });
  const [uncaught] = process.listeners('uncaughtException').slice(-1);
  uncaught?.(new TypeError('a defect of the program'), 'uncaughtException');
  uncaught?.(new TypeError('another one'), 'uncaughtException');
  expect(double.record.errorBoxes).toEqual([
    { title: expect.stringContaining('went wrong'), text: expect.stringContaining('loam.jsonl') },
  ]);
  const lines = (await readFile(join(home, 'logs', 'loam.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'error', message: 'a defect of the program', stack: expect.stringContaining('TypeError') },
    { level: 'error', message: 'another one' },
  ]);
});

describe('What the page may ask of the main process', () => {
  test('files and folders, by the system’s own windows', async () => {
    const { page, double } = await start();
    double.record.answers.push(['/texts/a.txt', '/texts/b.csv'], ['/texts'], [], ['/packs/a.whl'], []);
    expect(await page.bridge.chooseFiles()).toEqual(['/texts/a.txt', '/texts/b.csv']);
    expect(await page.bridge.chooseFolder()).toBe('/texts');
    expect(await page.bridge.chooseFolder()).toBeUndefined();
    expect(await page.bridge.chooseArchive()).toBe('/packs/a.whl');
    expect(await page.bridge.chooseArchive()).toBeUndefined();
    expect(double.record.openDialogs.map(({ properties }) => properties)).toEqual([
      ['openFile', 'multiSelections'],
      ['openDirectory', 'createDirectory'],
      ['openDirectory', 'createDirectory'],
      ['openFile'],
      ['openFile'],
    ]);
    expect(page.bridge.platform).toBe(process.platform);
    expect(page.bridge.pathOf({ path: '/texts/dropped.txt' } as unknown as File)).toBe('/texts/dropped.txt');
  });

  test('to be shown a folder, never to start a program', async () => {
    const { page, double, home } = await start();
    await page.bridge.revealFolder(home);
    await page.bridge.revealFolder('relative');
    await page.bridge.revealFolder(join(home, 'not-there'));
    await page.bridge.revealFolder(7 as unknown as string);
    expect(double.record.opened).toEqual([home]);
  });

  test('nothing, when it is another page, another frame or another window', async () => {
    const { window, double } = await start();
    const strangers = [
      openPage(double, window.webContents, built.preload, { url: 'loam://studio/' }),
      openPage(
        double,
        Object.assign(Object.create(window.webContents) as typeof window.webContents),
        built.preload,
      ),
    ];
    for (const stranger of strangers) {
      await expect(stranger.bridge.chooseFiles()).rejects.toThrow(/own page/);
      const port = stranger.connect();
      await new Promise<void>((resolve) => void port.once('close', resolve));
    }
    window.webContents.mainFrame.url = 'https://elsewhere.example/';
    const page = openPage(double, window.webContents, built.preload);
    await expect(page.bridge.chooseFolder()).rejects.toThrow(/own page/);
    expect(double.record.openDialogs).toHaveLength(0);
  });

  test('calls of the contract, over a port of its own alone', async () => {
    const { page } = await start();
    expect((await page.client().projects.places()).userFolder).toContain('home');
    let closed = false;
    const port = page.connect();
    port.on('close', () => {
      closed = true;
    });
    port.postMessage('not a call');
    await expect.poll(() => closed, patience).toBe(true);
  });
});

describe('A second start', () => {
  test('ends at once and tells the first what it was started for', async () => {
    const { double } = await startMain(built, {
      isFirstInstance: false,
      words: ['.', '--project', '/projects/reports'],
    });
    expect(double.record.windows).toHaveLength(0);
    expect(double.record.quits).toBe(1);
    expect(double.record.instanceData).toEqual({ project: '/projects/reports' });
  });

  test('brings the window to the front, with its project', async () => {
    const { window, double, page } = await start();
    window.minimized = true;
    window.visible = false;
    double.module.app.emit('second-instance', {}, ['loam'], '/', {});
    expect([window.minimized, window.visible, window.focused]).toEqual([false, true, true]);
    const asked: string[] = [];
    double.module.app.emit('second-instance', {}, ['loam'], '/', { project: '/projects/first' });
    // The page listens only now: what was asked for meanwhile waits.
    page.bridge.onOpenProject((folder) => asked.push(folder));
    double.module.app.emit('second-instance', {}, ['loam', '--project', 'reports'], '/projects', {});
    expect(asked).toEqual(['/projects/first', '/projects/reports']);
  });
});
