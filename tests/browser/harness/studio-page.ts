import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserServer,
  type Cookie,
  type Page,
} from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** Keeps Chromium's own services quiet, so that what is seen of a browser is what its pages do. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
  '--no-first-run',
  '--no-pings',
  '--metrics-recording-only',
];

export interface LaunchOptions {
  /** Further words for the browser's command line. */
  readonly arguments?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

function optionsFor(options: LaunchOptions) {
  // Chromium's sandbox refuses to work for root, as whom containers run.
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return {
    executablePath: findBrowser(),
    args: [...quiet, ...sandbox, ...(options.arguments ?? [])],
    ...(options.environment === undefined ? {} : { env: definedOnly(options.environment) }),
  };
}

/** Starts a browser without a window. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch(optionsFor(options));
}

/** Starts a browser that other processes connect to, each as if it were its own. */
export async function launchBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer(optionsFor({}));
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const laptop = { width: 1280, height: 800 } as const;
export const desktop = { width: 1920, height: 1080 } as const;

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Folder of the project that the window shows from the start. */
  readonly project?: string;
  /** The screen to open, such as "/data". */
  readonly path?: string;
  /** Runs in each page before any of its own scripts. */
  readonly beforePage?: () => void;
  /** Faults that a test brings about itself, such as those of a server that is gone. */
  readonly expectedFaults?: readonly RegExp[];
}

/** Where pages come from. */
export interface PagesServer {
  readonly link: string;
  readonly origin: string;
}

/** A window on the studio. */
export interface StudioPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in it, as sentences: errors, violations of the content security policy, requests elsewhere. */
  readonly faults: readonly string[];
}

/** The session that each server's link was used up for: later windows are of the same person. */
const letIn = new WeakMap<PagesServer, Cookie[]>();

const usual = { viewport: laptop, colorScheme: 'light' } as const satisfies PageOptions;

/** Whether a window of these options can be opened where others of the usual ones were before. */
export const isUsual = ({
  viewport = usual.viewport,
  colorScheme = usual.colorScheme,
}: PageOptions): boolean =>
  viewport.width === usual.viewport.width &&
  viewport.height === usual.viewport.height &&
  colorScheme === usual.colorScheme;

/** Opens a window with cookies and storage of its own, and watches it. */
export async function openStudioPage(
  browser: Browser,
  server: PagesServer,
  options: PageOptions = {},
): Promise<StudioPage> {
  const context = await browser.newContext({
    viewport: { ...(options.viewport ?? usual.viewport) },
    colorScheme: options.colorScheme ?? usual.colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  return openPage(context, await context.newPage(), server, options);
}

/**
 * Opens a window where another was, of which nothing is left but the scripts that were compiled for it: in a new place, each
 * window would compile them anew.
 */
export async function openStudioPageAgain(
  context: BrowserContext,
  server: PagesServer,
  options: PageOptions,
): Promise<StudioPage> {
  await context.clearCookies();
  await context.clearPermissions();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', {
    origin: server.origin,
    storageTypes: 'cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage',
  });
  await session.detach();
  return openPage(context, page, server, options);
}

async function openPage(
  context: BrowserContext,
  page: Page,
  server: PagesServer,
  options: PageOptions,
): Promise<StudioPage> {
  const faults = watchFaults(page, server.origin, options.expectedFaults ?? []);
  if (options.project !== undefined)
    await page.addInitScript((folder) => {
      // Windows remember their project so; an own choice made later stays.
      if (sessionStorage.getItem('loam-project') === null) sessionStorage.setItem('loam-project', folder);
    }, options.project);
  if (options.beforePage !== undefined) await page.addInitScript(options.beforePage);
  const known = letIn.get(server);
  if (known === undefined) {
    await page.goto(server.link);
    // The link lets in, once, and leads on to the studio itself.
    await page.waitForURL((url) => url.search === '');
    letIn.set(server, await context.cookies());
    if (options.path !== undefined) await page.goto(`${server.origin}/#${options.path}`);
  } else {
    await context.addCookies(known);
    await page.goto(options.path === undefined ? server.origin : `${server.origin}/#${options.path}`);
  }
  return { page, context, faults };
}

/** Opens a second window of the same person, as a link opened in a new tab does. */
export async function openSecondWindow(
  first: StudioPage,
  server: Pick<PagesServer, 'origin'>,
  options: Pick<PageOptions, 'expectedFaults'> = {},
): Promise<StudioPage> {
  const page = await first.context.newPage();
  const faults = watchFaults(page, server.origin, options.expectedFaults ?? []);
  const [address, stored] = await first.page.evaluate(() => [
    location.href,
    sessionStorage.getItem('loam-project'),
  ]);
  await page.addInitScript((folder) => {
    if (folder !== null) sessionStorage.setItem('loam-project', folder);
  }, stored ?? null);
  await page.goto(address ?? server.origin);
  return { page, context: first.context, faults };
}

function watchFaults(page: Page, origin: string, expected: readonly RegExp[]): readonly string[] {
  const faults: string[] = [];
  const add = (fault: string): void => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  page.on('console', (message) => {
    // A violation of the content security policy is told here, too.
    if (message.type() === 'error') add(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => add(`error: ${error.stack ?? error.message}`));
  page.on('crash', () => add('The page crashed.'));
  const own = new Set([origin, origin.replace('http', 'ws')]);
  const check = (url: string): void => {
    const { protocol, origin: target } = new URL(url);
    if (protocol !== 'data:' && protocol !== 'blob:' && !own.has(target))
      add(`request beyond the studio: ${url}`);
  };
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => {
    const { host } = new URL(socket.url());
    if (host !== new URL(origin).host) add(`socket beyond the studio: ${socket.url()}`);
  });
  return faults;
}
