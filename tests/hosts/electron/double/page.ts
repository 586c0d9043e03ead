import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { connectMessage, type Bridge } from '../../../../src/shared/bridge.ts';
import type { contract } from '../../../../src/shared/contract.ts';
import { projectHeader } from '../../../../src/shared/rpc.ts';
import type { ElectronDouble } from './electron.ts';
import { MessagePortMainDouble, type FrameDouble, type WebContentsDouble } from './web-contents.ts';

/** The page in a window: the built preload script runs in it, and what a page does can be done. */
export interface Page {
  /** What the preload script exposed. */
  readonly bridge: Bridge;
  /** Posts a message to the page's own window, with ports. */
  post(data: unknown, ports: readonly MessagePort[], source?: 'page' | 'frame'): void;
  /** Calls the contract through the bridge, as the renderer does. */
  client(project?: string): ContractRouterClient<typeof contract>;
  /** One end of a channel whose other end the main process was given. */
  connect(): MessagePort;
}

/** @param frame what the messages claim to come from; the window's main frame unless given */
export function openPage(
  double: ElectronDouble,
  contents: WebContentsDouble,
  preload: string,
  frame: FrameDouble = contents.mainFrame,
): Page {
  const exposed = new Map<string, unknown>();
  const fromMain = new Map<string, ((event: unknown, ...parameters: unknown[]) => void)[]>();
  contents.receive = (channel, parameters) => {
    for (const listener of fromMain.get(channel) ?? []) listener({}, ...parameters);
  };
  const event = (ports: readonly MessagePort[] = []) => ({
    sender: contents,
    senderFrame: frame,
    ports: ports.map((port) => new MessagePortMainDouble(port)),
  });
  const renderer = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api) },
    ipcRenderer: {
      invoke: (channel: string, ...parameters: readonly unknown[]) =>
        double.module.ipcMain.invoke(channel, event(), parameters),
      postMessage: (channel: string, message: unknown, ports: readonly MessagePort[]) =>
        double.module.ipcMain.emit(channel, event(ports), message),
      on: (channel: string, listener: (event: unknown, ...parameters: unknown[]) => void) => {
        fromMain.set(channel, [...(fromMain.get(channel) ?? []), listener]);
      },
    },
    webUtils: { getPathForFile: (file: { readonly path?: string }) => file.path ?? '' },
  };
  // A sandboxed preload script may load nothing but this.
  const require = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`A sandboxed preload script cannot load '${name}'.`);
    return renderer;
  };
  const listeners: ((event: unknown) => void)[] = [];
  const window = {
    addEventListener: (type: string, listener: (event: unknown) => void) => {
      if (type === 'message') listeners.push(listener);
    },
  };
  compileFunction(readFileSync(preload, 'utf8'), ['require', 'window', 'exports', 'module'])(
    require,
    window,
    {},
    { exports: {} },
  );

  const post: Page['post'] = (data, ports, source = 'page') => {
    for (const listener of listeners) listener({ source: source === 'page' ? window : {}, data, ports });
  };
  const connect = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    post(connectMessage, [port2]);
    return port1;
  };
  return {
    bridge: exposed.get('loam') as Bridge,
    post,
    connect,
    client: (project) => {
      const port = connect();
      port.unref();
      return createORPCClient(
        new RPCLink({
          port,
          headers: project === undefined ? {} : { [projectHeader]: encodeURIComponent(project) },
        }),
      );
    },
  };
}
