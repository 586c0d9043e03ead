import { join } from 'node:path';
import { app, type Session, type WebContents } from 'electron';
import { appOrigin } from './app-protocol.ts';

/** Copying a text at a click is all that a page may do beyond showing itself. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);
/** What a page loads: its own files, pictures that it drew, and Chromium's own tools. */
const allowedAddresses = /^(loam:\/\/studio\/|blob:loam:\/\/studio\/|data:|devtools:)/;

/** Takes the network from Chromium itself, which would look for updates of its parts and the like; before it is ready. */
export function stayOffline(): void {
  // No name leads anywhere.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'no-pings',
  ])
    app.commandLine.appendSwitch(name);
}

/** Takes from everything that a window may show whatever the studio has no use for. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(allowedPermissions.has(permission)),
  );
  session.setPermissionCheckHandler((_contents, permission) => allowedPermissions.has(permission));
  session.setDevicePermissionHandler(() => false);
  // Its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !allowedAddresses.test(url) }));
  session.on('will-download', (event, item) => {
    // A chart or table that the page wrote itself; the person chooses where it goes.
    if (/^(blob|data):/.test(item.getURL()))
      item.setSaveDialogOptions({ defaultPath: join(app.getPath('downloads'), item.getFilename()) });
    else event.preventDefault();
  });
}

/** Keeps a page where it is: it goes nowhere, opens nothing and holds no other page. */
export function restrictContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Whether an address is the studio's page: a reload of it is no navigation elsewhere. */
export function isOwnPage(address: string): boolean {
  return /^loam:\/\/studio\/(index\.html)?(\?[^#]*)?(#.*)?$/.test(address) && address.startsWith(appOrigin);
}

/** Refuses certificates: the studio connects to nothing, so nothing has reason to show or ask for one. */
export function refuseCertificates(): void {
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _certificates, answer) => {
    event.preventDefault();
    answer();
  });
}
