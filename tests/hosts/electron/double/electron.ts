import { EventEmitter } from 'node:events';
import { preventable, WebContentsDouble } from './web-contents.ts';
import { UtilityProcessDouble } from './utility-process.ts';

/**
 * A double of the `electron` module's main half: it keeps the rules that Electron has (what must come before `ready`, what
 * after), records what it is told, and lets a test do what a person or the system would.
 */
export function createElectronDouble(options: {
  readonly isFirstInstance?: boolean | undefined;
  readonly displays?: readonly Bounds[] | undefined;
}) {
  const { isFirstInstance = true, displays = [{ x: 0, y: 0, width: 1920, height: 1040 }] } = options;
  const record = {
    windows: [] as BrowserWindowDouble[],
    menus: [] as (readonly MenuItem[])[],
    dockMenus: [] as (readonly MenuItem[])[],
    jumpLists: [] as unknown[],
    recentDocuments: [] as string[],
    notifications: [] as NotificationDouble[],
    powerBlockers: new Set<number>(),
    errorBoxes: [] as { readonly title: string; readonly text: string }[],
    opened: [] as string[],
    questions: [] as MessageBox[],
    openDialogs: [] as OpenDialog[],
    paths: new Map<string, string>([['downloads', '/downloads']]),
    privileged: [] as { readonly scheme: string; readonly privileges: object }[],
    workers: [] as UtilityProcessDouble[],
    instanceData: undefined as unknown,
    sandboxed: false,
    switches: new Map<string, string>(),
    version: '',
    quits: 0,
    /** Answers that a person would give: buttons of questions, paths chosen. */
    answers: [] as (number | readonly string[])[],
  };
  let ready = false;
  let becomeReady: () => void = () => undefined;
  const whenReady = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  /** As Electron has it: it gets ready once the main module has been evaluated to its end, awaits included. */
  const codeLoaded = (): void => {
    ready = true;
    becomeReady();
  };
  let quitting = false;
  const mustBeReady = (what: string): void => {
    if (!ready) throw new Error(`${what} can only be used after the application is ready.`);
  };
  const mustNotBeReady = (what: string): void => {
    if (ready) throw new Error(`${what} must be called before the application is ready.`);
  };

  class AppDouble extends EventEmitter {
    readonly isPackaged = false;
    readonly dock = {
      setMenu: (menu: { readonly items: readonly MenuItem[] }) => void record.dockMenus.push(menu.items),
    };
    readonly commandLine = {
      appendSwitch: (name: string, value = '') => {
        mustNotBeReady('appendSwitch');
        record.switches.set(name, value);
      },
    };
    name = '';
    setAboutPanelOptions(options: { readonly applicationVersion: string }): void {
      record.version = options.applicationVersion;
    }
    setName(name: string): void {
      this.name = name;
    }
    setPath(name: string, path: string): void {
      mustNotBeReady('setPath');
      record.paths.set(name, path);
    }
    getPath(name: string): string {
      const path = record.paths.get(name);
      if (path === undefined) throw new Error(`Failed to get '${name}' path`);
      return path;
    }
    getAppPath(): string {
      return '/application';
    }
    enableSandbox(): void {
      mustNotBeReady('enableSandbox');
      record.sandboxed = true;
    }
    requestSingleInstanceLock(data?: unknown): boolean {
      record.instanceData = data;
      return isFirstInstance;
    }
    whenReady(): Promise<void> {
      return whenReady;
    }
    addRecentDocument(path: string): void {
      record.recentDocuments.unshift(path);
    }
    clearRecentDocuments(): void {
      record.recentDocuments.length = 0;
    }
    setJumpList(list: unknown): void {
      record.jumpLists.push(list);
    }
    /** As Electron does it: asks `before-quit`, then closes the windows, then ends. */
    quit(): void {
      const event = preventable();
      this.emit('before-quit', event);
      if (event.defaultPrevented) return;
      quitting = true;
      for (const window of record.windows) if (!window.isDestroyed() && !window.close()) return;
      record.quits += 1;
    }
  }
  const app = new AppDouble();

  class BrowserWindowDouble extends EventEmitter {
    readonly webContents = new WebContentsDouble();
    readonly options: WindowOptions;
    bounds: Bounds;
    visible = false;
    minimized = false;
    maximized = false;
    focused = false;
    destroyed = false;
    progress: { readonly value: number; readonly mode: string } = { value: -1, mode: 'none' };
    #tellLoaded: () => void = () => undefined;
    readonly whenLoaded = new Promise<void>((resolve) => {
      this.#tellLoaded = resolve;
    });
    loaded: { readonly url: string; readonly response: Response } | undefined;
    constructor(given: WindowOptions) {
      super();
      mustBeReady('BrowserWindow');
      this.options = given;
      this.bounds = { x: given.x ?? 100, y: given.y ?? 100, width: given.width, height: given.height };
      record.windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    async loadURL(url: string): Promise<void> {
      const response = await protocol.load(url);
      this.loaded = { url, response };
      this.webContents.mainFrame.url = url;
      this.emit('ready-to-show');
      this.#tellLoaded();
    }
    show(): void {
      this.visible = true;
    }
    hide(): void {
      this.visible = false;
      this.focused = false;
    }
    focus(): void {
      this.focused = true;
    }
    isFocused(): boolean {
      return this.focused;
    }
    isMinimized(): boolean {
      return this.minimized;
    }
    restore(): void {
      this.minimized = false;
    }
    maximize(): void {
      this.maximized = true;
    }
    isMaximized(): boolean {
      return this.maximized;
    }
    getNormalBounds(): Bounds {
      return this.bounds;
    }
    isDestroyed(): boolean {
      return this.destroyed;
    }
    setProgressBar(value: number, { mode }: { readonly mode: string }): void {
      this.progress = { value, mode };
    }
    /** The person clicks on the window's cross. @returns whether it closed */
    close(): boolean {
      const event = preventable();
      this.emit('close', event);
      if (event.defaultPrevented) return false;
      this.destroyed = true;
      this.emit('closed');
      // As Electron has it: not told when the application is quitting anyway.
      if (!quitting && record.windows.every((window) => window.destroyed)) app.emit('window-all-closed');
      return true;
    }
  }

  class NotificationDouble extends EventEmitter {
    readonly options: { readonly title: string; readonly body: string };
    shown = false;
    constructor(given: { readonly title: string; readonly body: string }) {
      super();
      this.options = given;
      record.notifications.push(this);
    }
    static isSupported(): boolean {
      return true;
    }
    show(): void {
      this.shown = true;
    }
  }

  const handlers = new Map<string, (request: Request) => Promise<Response>>();
  const protocol = {
    registerSchemesAsPrivileged: (schemes: readonly { scheme: string; privileges: object }[]) => {
      mustNotBeReady('registerSchemesAsPrivileged');
      record.privileged.push(...schemes);
    },
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
      mustBeReady('protocol.handle');
      handlers.set(scheme, handler);
    },
    load: async (url: string): Promise<Response> => {
      const handler = handlers.get(new URL(url).protocol.slice(0, -1));
      if (handler === undefined) throw new Error(`ERR_UNKNOWN_URL_SCHEME ${url}`);
      return handler(new Request(url));
    },
  };

  const invokable = new Map<string, (event: unknown, ...parameters: unknown[]) => Promise<unknown>>();
  const ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: unknown, ...parameters: unknown[]) => Promise<unknown>) => {
      if (invokable.has(channel)) throw new Error(`A second handler for ${channel}`);
      invokable.set(channel, handler);
    },
    invoke: async (channel: string, event: unknown, parameters: readonly unknown[]): Promise<unknown> => {
      const handler = invokable.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return structuredClone(await handler(event, ...structuredClone(parameters)));
    },
  });

  const session = {
    downloads: new EventEmitter(),
    permissionRequest: undefined as PermissionRequest | undefined,
    permissionCheck: undefined as ((contents: unknown, permission: string) => boolean) | undefined,
    devices: undefined as (() => boolean) | undefined,
    beforeRequest: undefined as BeforeRequest | undefined,
    spellChecker: true,
    setPermissionRequestHandler: (handler: PermissionRequest) => {
      session.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler: (contents: unknown, permission: string) => boolean) => {
      session.permissionCheck = handler;
    },
    setDevicePermissionHandler: (handler: () => boolean) => {
      session.devices = handler;
    },
    setSpellCheckerEnabled: (enabled: boolean) => {
      session.spellChecker = enabled;
    },
    webRequest: {
      onBeforeRequest: (handler: BeforeRequest) => {
        session.beforeRequest = handler;
      },
    },
    on: (event: string, listener: (...parameters: unknown[]) => void) =>
      session.downloads.on(event, listener),
  };

  const nextAnswer = (): number | readonly string[] | undefined => record.answers.shift();
  let lastBlocker = 0;
  const module = {
    app,
    BrowserWindow: BrowserWindowDouble,
    Notification: NotificationDouble,
    protocol,
    ipcMain,
    session: { defaultSession: session },
    screen: { getAllDisplays: () => displays.map((workArea) => ({ workArea })) },
    Menu: {
      buildFromTemplate: (items: readonly MenuItem[]) => ({ items }),
      setApplicationMenu: (menu: { readonly items: readonly MenuItem[] }) =>
        void record.menus.push(menu.items),
    },
    dialog: {
      showErrorBox: (title: string, text: string) => void record.errorBoxes.push({ title, text }),
      showMessageBox: async (...given: readonly unknown[]) => {
        record.questions.push(given.at(-1) as MessageBox);
        const answer = nextAnswer();
        return { response: typeof answer === 'number' ? answer : 0 };
      },
      showOpenDialog: async (_window: unknown, given: OpenDialog) => {
        record.openDialogs.push(given);
        const answer = nextAnswer();
        const filePaths = Array.isArray(answer) ? answer : [];
        return { canceled: filePaths.length === 0, filePaths };
      },
    },
    shell: {
      openPath: async (path: string) => {
        record.opened.push(path);
        return '';
      },
      showItemInFolder: (path: string) => void record.opened.push(path),
    },
    powerMonitor: new EventEmitter(),
    powerSaveBlocker: {
      start: (kind: string) => {
        if (kind !== 'prevent-app-suspension') throw new Error(`Unexpected blocker ${kind}`);
        lastBlocker += 1;
        record.powerBlockers.add(lastBlocker);
        return lastBlocker;
      },
      stop: (id: number) => void record.powerBlockers.delete(id),
    },
    utilityProcess: {
      fork: (path: string, words: readonly string[], given: ForkParameters[2]) => {
        mustBeReady('utilityProcess.fork');
        const worker = new UtilityProcessDouble(path, words, given);
        record.workers.push(worker);
        return worker;
      },
    },
  };
  return { module, record, session, load: protocol.load, codeLoaded };
}

export type ElectronDouble = ReturnType<typeof createElectronDouble>;
type ForkParameters = ConstructorParameters<typeof UtilityProcessDouble>;

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface WindowOptions {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}

interface MessageBox {
  readonly message: string;
  readonly detail?: string;
  readonly buttons?: readonly string[];
  readonly cancelId?: number;
}

interface OpenDialog {
  readonly properties: readonly string[];
}

type PermissionRequest = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;
type BeforeRequest = (
  details: { readonly url: string },
  answer: (given: { cancel: boolean }) => void,
) => void;
