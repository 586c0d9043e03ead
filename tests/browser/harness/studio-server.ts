import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteKnownProject } from '../../../src/main/studio/projects/known-projects.ts';
import { useOneCore } from '../../one-core.ts';
import { builtPages } from './built-pages.ts';
import { loamMain } from './sample-project.ts';

/** A folder for one test's projects, with a home of its own for settings, locks and new projects. */
export interface StudioPlace {
  readonly folder: string;
  /** Where a new project goes that is given a name alone. */
  readonly projectsFolder: string;
  /** The environment that processes of this place run in. */
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => Promise<void>;
}

/** @param name how the temporary folder's name begins. */
export async function makePlace(name = 'loam-browser-'): Promise<StudioPlace> {
  const folder = await mkdtemp(join(tmpdir(), name));
  const home = join(folder, 'home');
  await mkdir(home);
  await useOneCore(join(folder, 'loam'));
  return {
    folder,
    projectsFolder: join(home, 'Loam'),
    environment: {
      ...process.env,
      HOME: home,
      USERPROFILE: home,
      LOAM_HOME: join(folder, 'loam'),
      ORT_DISABLE_TELEMETRY: '1',
      NODE_ENV: 'production',
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** Lets a place know a project that was made outside of it, as one that its person made. */
export function knowProject({ environment }: StudioPlace, folder: string): void {
  noteKnownProject(folder, null, environment.LOAM_HOME);
}

/** `loam serve` in a process of its own. */
export interface StudioServer {
  /** Opens the studio, once. */
  readonly link: string;
  readonly origin: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it as Ctrl-C does and waits for it. */
  readonly stop: () => Promise<void>;
  /** Ends it as a power cut does. */
  readonly kill: () => Promise<void>;
}

export interface ServeOptions {
  /** The project that the server is started for. */
  readonly project?: string;
  readonly port?: number;
  /** What starts Node: for a run under a tracer. */
  readonly under?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The module that the command line is started from. Default: the program's own. */
  readonly entry?: string;
}

/** Serves the studio of a place until it is stopped. */
export async function serveStudio(place: StudioPlace, options: ServeOptions = {}): Promise<StudioServer> {
  const pages = await builtPages();
  const words = [
    ...(options.under ?? []),
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    options.entry ?? loamMain,
    'serve',
    '--json',
    '--port',
    String(options.port ?? 0),
    '--pages',
    pages,
    ...(options.project === undefined ? [] : ['--project', options.project]),
  ];
  const [program = process.execPath, ...rest] = words;
  const child = spawn(program, rest, {
    cwd: place.folder,
    env: options.environment ?? place.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A tracer keeps signals to itself: they go to all of a group, as a terminal's Ctrl-C does.
    detached: options.under !== undefined,
  });
  const ended = new Promise<void>((resolved) => void child.once('close', () => resolved()));
  const { link, port } = await readLink(child);
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(options.under === undefined ? child.pid : -child.pid, signal);
    await ended;
  };
  return {
    link,
    port,
    origin: new URL(link).origin,
    process: child,
    stop: end('SIGINT'),
    kill: end('SIGKILL'),
  };
}

/** Waits for the line that says where the studio is. */
function readLink(child: ChildProcess): Promise<{ readonly link: string; readonly port: number }> {
  let output = '';
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-10_000);
  });
  return new Promise((resolved, rejected) => {
    child.once('error', rejected);
    child.once('close', () => rejected(new Error(`loam serve ended:\n${output}\n${errors}`)));
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const line = output.split('\n').find((candidate) => candidate.startsWith('{'));
      if (line === undefined || !output.includes('\n')) return;
      resolved(JSON.parse(line) as { link: string; port: number });
    });
  });
}
