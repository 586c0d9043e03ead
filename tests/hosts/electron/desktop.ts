import { mkdtemp, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';
import { vi } from 'vitest';
import type { BuiltDesktop } from './built-desktop.ts';
import { createElectronDouble, type ElectronDouble } from './double/electron.ts';
import { openPage, type Page } from './double/page.ts';

const doubles = new Map<string, ElectronDouble['module']>();
Object.assign(globalThis, { electronDoubles: doubles });

// Each start of the built main process is a module of its own, and gets a double of its own.
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== 'electron') return next(specifier, context);
    const start = new URL(context.parentURL ?? 'file:///').searchParams.get('start') ?? '';
    const names = Object.keys(doubles.get(start) ?? {});
    const source = `export const { ${names.join(', ')} } = globalThis.electronDoubles.get(${JSON.stringify(start)});`;
    return { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true };
  },
});
// Vitest would load the module itself; this is Node's own import.
const load = compileFunction('return import(url)', ['url'], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;

export interface Desktop {
  readonly double: ElectronDouble;
  readonly home: string;
  readonly window: ElectronDouble['record']['windows'][number];
  readonly page: Page;
  /** Ends the application as a person would, and removes what it wrote. */
  end(): Promise<void>;
}

export interface DesktopOptions {
  readonly words?: readonly string[];
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  /** Leaves the handlers of uncaught errors in place until the end. */
  readonly keepsHandlers?: boolean;
  readonly isFirstInstance?: boolean;
  readonly displays?: Parameters<typeof createElectronDouble>[0]['displays'];
}

let starts = 0;

/** Starts the built main process with a double of Electron. */
export async function startMain(
  built: BuiltDesktop,
  options: DesktopOptions = {},
): Promise<{ readonly double: ElectronDouble; readonly home: string; readonly forgetHandlers: () => void }> {
  const { words = [], platform, home = await mkdtemp(join(tmpdir(), 'loam-desktop-home-')) } = options;
  const double = createElectronDouble(options);
  starts += 1;
  doubles.set(String(starts), double.module);
  const before = { argv: process.argv, platform: process.platform, home: process.env.LOAM_HOME };
  const forgetErrors = rememberHandlers(['uncaughtException', 'unhandledRejection']);
  const forgetSignals = rememberHandlers(['SIGINT', 'SIGTERM', 'SIGHUP']);
  process.argv = [process.execPath, ...words];
  process.env.LOAM_HOME = home;
  if (platform !== undefined) Object.defineProperty(process, 'platform', { value: platform });
  try {
    await load(`${pathToFileURL(built.main).href}?start=${starts}`);
    double.codeLoaded();
    await vi.waitUntil(() => double.record.windows.length > 0 || double.record.quits > 0, {
      timeout: 20_000,
    });
  } finally {
    process.argv = before.argv;
    Object.defineProperty(process, 'platform', { value: before.platform });
    // What fails in a test is to be seen by the tests.
    if (options.keepsHandlers !== true) forgetErrors();
  }
  return {
    double,
    home,
    forgetHandlers: () => {
      forgetErrors();
      forgetSignals();
    },
  };
}

export async function startDesktop(built: BuiltDesktop, options: DesktopOptions = {}): Promise<Desktop> {
  const { double, home, forgetHandlers } = await startMain(built, options);
  const [window] = double.record.windows;
  if (window === undefined) throw new Error('The application opened no window.');
  await window.whenLoaded;
  return {
    double,
    home,
    window,
    page: openPage(double, window.webContents, built.preload),
    end: async () => {
      forgetHandlers();
      if (double.record.quits === 0) {
        double.module.powerMonitor.emit('shutdown', { preventDefault: () => undefined });
        for (let wait = 0; wait < 200 && double.record.quits === 0; wait += 1)
          await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** @returns takes away the process's handlers that were added since */
function rememberHandlers(events: readonly string[]): () => void {
  const before = new Set<unknown>(events.flatMap((event) => process.rawListeners(event)));
  return () => {
    for (const event of events)
      for (const listener of process.rawListeners(event))
        if (!before.has(listener)) process.removeListener(event, listener as () => void);
  };
}
