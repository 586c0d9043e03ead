import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { bridgeChannels, connectMessage, type Bridge } from '../shared/bridge.ts';

const projectListeners = new Set<(folder: string) => void>();
/** Projects that were asked for before the page listened. */
let waiting: readonly string[] = [];

ipcRenderer.on(bridgeChannels.openProject, (_event: IpcRendererEvent, folder: string) => {
  if (projectListeners.size === 0) waiting = [folder];
  for (const listener of projectListeners) listener(folder);
});

const bridge: Bridge = {
  platform: process.platform,
  chooseFiles: () => ipcRenderer.invoke(bridgeChannels.chooseFiles),
  chooseArchive: () => ipcRenderer.invoke(bridgeChannels.chooseArchive),
  chooseFolder: () => ipcRenderer.invoke(bridgeChannels.chooseFolder),
  revealFolder: (folder) => ipcRenderer.invoke(bridgeChannels.revealFolder, folder),
  pathOf: (file) => webUtils.getPathForFile(file),
  onOpenProject: (listener) => {
    projectListeners.add(listener);
    for (const folder of waiting) listener(folder);
    waiting = [];
    return () => void projectListeners.delete(listener);
  },
};

contextBridge.exposeInMainWorld('loam', bridge);

// Hands the page's end of a channel on to the main process, which answers the contract's calls over it.
window.addEventListener('message', ({ source, data, ports: [port] }) => {
  if (source === window && data === connectMessage && port !== undefined)
    ipcRenderer.postMessage(connectMessage, null, [port]);
});
