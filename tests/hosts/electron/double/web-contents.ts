import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';

/** An event whose default can be prevented. */
export function preventable(): { preventDefault(): void; readonly defaultPrevented: boolean } {
  let prevented = false;
  return {
    preventDefault: () => {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
}

export interface FrameDouble {
  url: string;
}

/** What a window shows, without a browser: it loads an address through the application's protocol and holds a preload script. */
export class WebContentsDouble extends EventEmitter {
  readonly mainFrame: FrameDouble = { url: '' };
  readonly sent: { readonly channel: string; readonly parameters: readonly unknown[] }[] = [];
  reloads = 0;
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  /** The page's side, once there is one. */
  receive: ((channel: string, parameters: readonly unknown[]) => void) | undefined;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  send(channel: string, ...parameters: readonly unknown[]): void {
    this.sent.push({ channel, parameters });
    this.receive?.(channel, structuredClone(parameters));
  }
  reload(): void {
    this.reloads += 1;
  }
  /** The page tries to go elsewhere. @returns whether it may */
  navigate(url: string): boolean {
    const event = { ...preventable(), url };
    const tracked = preventable();
    this.emit('will-navigate', { ...event, preventDefault: () => tracked.preventDefault(), url });
    return !tracked.defaultPrevented;
  }
}

/** The main process's end of a channel, as Electron wraps it. */
export class MessagePortMainDouble extends EventEmitter {
  readonly #port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('close', () => this.emit('close'));
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message, []);
  }
  close(): void {
    this.#port.close();
  }
}
