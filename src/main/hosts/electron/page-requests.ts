import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import {
  dialog,
  ipcMain,
  shell,
  type BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron';
import { bridgeChannels, connectMessage } from '../../../shared/bridge.ts';
import { readableEndings } from '../../../shared/datasets/dataset.ts';
import { isOwnPage } from './restrictions.ts';
import { servePort, type ServePortOptions } from './serve-port.ts';
import { words } from './words.ts';

export interface PageRequestsOptions extends ServePortOptions {
  /** The window that may ask. */
  readonly window: () => BrowserWindow | undefined;
}

/** The endings of the files that are imported, as a dialog wants them: without their dots. */
const textEndings = readableEndings.map((ending) => ending.slice(1));

/** The endings of what holds an engine's libraries; the system knows only the last of `.tar.gz`. */
const archiveEndings = ['whl', 'zip', 'gz', 'tgz'];

/** Hears what the page in the window asks of the main process; nobody else is heard. */
export function answerPageRequests(options: PageRequestsOptions): void {
  const { window } = options;

  ipcMain.on(connectMessage, (event: IpcMainEvent) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (isFromPage(event, window())) servePort(port, options);
    else port.close();
  });

  const answer = <Result>(
    channel: string,
    work: (window: BrowserWindow, ...parameters: readonly unknown[]) => Promise<Result>,
  ): void =>
    ipcMain.handle(channel, async (event: IpcMainInvokeEvent, ...parameters: readonly unknown[]) => {
      const own = window();
      if (own === undefined || !isFromPage(event, own))
        throw new Error('Only the studio’s own page may ask this.');
      return work(own, ...parameters);
    });

  answer(bridgeChannels.chooseFiles, async (own) => {
    const { filePaths } = await dialog.showOpenDialog(own, {
      title: words.chooseFiles.title,
      buttonLabel: words.chooseFiles.button,
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: words.chooseFiles.texts, extensions: textEndings },
        { name: words.chooseFiles.all, extensions: ['*'] },
      ],
    });
    return filePaths;
  });
  answer(bridgeChannels.chooseArchive, async (own) => {
    const { filePaths } = await dialog.showOpenDialog(own, {
      title: words.chooseArchive.title,
      buttonLabel: words.chooseArchive.button,
      properties: ['openFile'],
      filters: [
        { name: words.chooseArchive.archives, extensions: archiveEndings },
        { name: words.chooseArchive.all, extensions: ['*'] },
      ],
    });
    return filePaths[0];
  });
  answer(bridgeChannels.chooseFolder, (own) => chooseFolder(own, words.chooseFolder));
  answer(bridgeChannels.revealFolder, async (_own, folder) => {
    // `openPath` would start a program of this name: only folders are shown.
    if (typeof folder !== 'string' || !isAbsolute(folder)) return;
    const entry = await stat(folder).catch(() => undefined);
    if (entry === undefined) return;
    if (entry.isDirectory() && process.platform !== 'darwin') await shell.openPath(folder);
    else shell.showItemInFolder(folder);
  });
}

/** Asks the person for a folder. */
export async function chooseFolder(
  window: BrowserWindow,
  { title, button }: { readonly title: string; readonly button: string },
): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title,
    buttonLabel: button,
    properties: ['openDirectory', 'createDirectory'],
  });
  return filePaths[0];
}

/** Whether a message comes from the studio's page itself: in its window, in the main frame, under its address. */
function isFromPage(event: IpcMainEvent | IpcMainInvokeEvent, window: BrowserWindow | undefined): boolean {
  const { sender, senderFrame } = event;
  return (
    window !== undefined &&
    !window.isDestroyed() &&
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    isOwnPage(senderFrame.url)
  );
}
