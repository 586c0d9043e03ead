import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';

/** The window's page may load its own files and nothing else; it has no network and runs no inline script. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'";

/** Opens the studio's window: a sandboxed page without Node, that can neither navigate nor open others. */
async function openWindow(): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  await window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
}

function refusePermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.webRequest.onHeadersReceived((details, answer) => {
    answer({
      responseHeaders: { ...details.responseHeaders, 'Content-Security-Policy': [contentSecurityPolicy] },
    });
  });
}

if (app.requestSingleInstanceLock()) {
  app.on('window-all-closed', () => app.quit());
  await app.whenReady();
  refusePermissions();
  await openWindow();
} else {
  app.quit();
}
