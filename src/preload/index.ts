import { contextBridge, ipcRenderer } from 'electron';
import { connectMessage, type Bridge } from '../shared/bridge.ts';

const bridge: Bridge = { platform: process.platform };

contextBridge.exposeInMainWorld('loam', bridge);

// Hands the page's end of a channel on to the main process, which answers the contract's calls over it.
window.addEventListener('message', ({ source, data, ports: [port] }) => {
  if (source === window && data === connectMessage && port !== undefined)
    ipcRenderer.postMessage(connectMessage, null, [port]);
});
