import { join } from 'node:path';
import { BrowserWindow, dialog, screen } from 'electron';
import type { Log } from '../../studio/log.ts';
import { appOrigin } from './app-protocol.ts';
import { fitToDisplays, readWindowPlace, smallestSize, usualSize, writeWindowPlace } from './window-place.ts';
import { words } from './words.ts';

export interface StudioWindowOptions {
  /** The preload script. */
  readonly preload: string;
  /** Where what belongs to the person is kept: the window's place is remembered there. */
  readonly userFolder: string;
  readonly log: Log;
}

/** A page that fails more often than this within a minute is not loaded anew. */
const mostReloads = 3;

/** Opens the studio's window: a sandboxed page without Node, where the window was when it was closed last. */
export function openStudioWindow({ preload, userFolder, log }: StudioWindowOptions): BrowserWindow {
  const placeFile = join(userFolder, 'window.json');
  const place = readWindowPlace(placeFile);
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
  const bounds = place === undefined ? undefined : fitToDisplays(place.bounds, displays);
  const window = new BrowserWindow({
    ...(bounds ?? usualSize),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title: words.application,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // A hidden window goes on taking what its streams tell, so that nothing piles up before it.
      backgroundThrottling: false,
    },
  });
  if (place?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    try {
      writeWindowPlace(placeFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      log.error(error);
    }
  });
  reloadWhenGone(window, log);
  void window.loadURL(appOrigin).catch((error: unknown) => log.error(error));
  return window;
}

/** Brings a window to the front, whatever state it is in. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Goes to a screen by its address below the page's, such as `/runs`. */
export function goToScreen(window: BrowserWindow, path: string): void {
  bringToFront(window);
  void window.loadURL(`${appOrigin}#${path}`).catch(() => undefined);
}

function reloadWhenGone(window: BrowserWindow, log: Log): void {
  let failures: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.error(new Error(`The window's process ended: ${reason}`), { exitCode });
    const now = Date.now();
    failures = [...failures.filter((moment) => now - moment < 60_000), now];
    const fails = failures.length > mostReloads;
    if (!fails) window.webContents.reload();
    const { title, text } = fails ? words.pageKeepsFailing : words.pageGone;
    void dialog.showMessageBox(window, { type: 'warning', message: title, detail: text });
  });
}
