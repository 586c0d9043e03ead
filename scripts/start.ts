// `npm start`: opens the studio. In a window of its own where Electron's program is there, else in the browser by the
// local server; builds the pages before, when they are missing or older than what they are made from.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { runCommandLine } from '../src/main/hosts/cli/run-command-line.ts';
import { listRecentProjects } from '../src/main/studio/projects/recent-projects.ts';
import { electronProgram, planElectron } from './start/electron-program.ts';
import { buildState } from './start/stale-build.ts';

const root = join(import.meta.dirname, '..');
const electronFolder = join(root, 'node_modules', 'electron');
/** Remembers that a person does not want Electron's program, so that she is asked once. */
const declined = join(root, 'node_modules', '.loam-without-electron');

const help = `npm start [-- OPTIONS]   opens the studio

  --project DIR    the project to open (default: the one that was open last)
  --browser        in the browser, even where there is a window of its own
  --window         in a window of its own; offers to download Electron for it
  --host ADDRESS, --port NUMBER, --tls-certificate FILE, --tls-key FILE, --no-open
                   as of 'npm run loam -- serve'
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

process.exitCode = await start();

async function start(): Promise<number> {
  const values = readOptions();
  if (values === undefined || values.help) {
    say(help);
    return values === undefined ? 2 : 0;
  }
  const wants = values.browser ? 'browser' : values.window ? 'window' : undefined;
  const electron = await findElectron(wants);
  if (!build()) return 1;
  const project = values.project ?? (await lastProject());
  if (electron !== undefined) {
    say('Opening the studio in a window of its own …');
    return openWindow(electron, project);
  }
  return runCommandLine([
    'serve',
    ...(project === undefined ? [] : ['--project', project]),
    ...(values.host === undefined ? [] : ['--host', values.host]),
    ...(values.port === undefined ? [] : ['--port', values.port]),
    ...(values['tls-certificate'] === undefined ? [] : ['--tls-certificate', values['tls-certificate']]),
    ...(values['tls-key'] === undefined ? [] : ['--tls-key', values['tls-key']]),
    ...(values['no-open'] ? ['--no-open'] : []),
  ]);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        project: { type: 'string' },
        browser: { type: 'boolean', default: false },
        window: { type: 'boolean', default: false },
        host: { type: 'string' },
        port: { type: 'string' },
        'tls-certificate': { type: 'string' },
        'tls-key': { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    say(error instanceof Error ? `${error.message}\n` : '');
    return undefined;
  }
}

/** Electron's program, if it is there or the person wants it fetched. */
async function findElectron(wants: 'browser' | 'window' | undefined): Promise<string | undefined> {
  const program = electronProgram(electronFolder);
  const plan = planElectron({
    wants,
    present: program !== undefined,
    canAsk: process.stdin.isTTY && existsSync(electronFolder),
    declinedBefore: existsSync(declined),
  });
  switch (plan) {
    case 'use':
      return program;
    case 'ask':
      return askForElectron();
    case 'browser':
      if (wants === 'window')
        say('Electron’s program is not here, and there is nobody to ask whether to fetch it.');
      return undefined;
    default:
      return plan satisfies never;
  }
}

async function askForElectron(): Promise<string | undefined> {
  say(
    'A window of its own needs Electron’s program (about 120 MB, from github.com), which is not here yet. Without it the studio opens in your browser and can do the same.',
  );
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asking.question('Download it? [y/N] ');
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    writeFileSync(declined, '');
    say('Opening in the browser. `npm start -- --window` asks again.');
    return undefined;
  }
  const fetched = spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'inherit' });
  if (fetched.status !== 0)
    say('It could not be fetched (the message is above). Opening in the browser instead.');
  return electronProgram(electronFolder);
}

/** Builds the pages and the window's program unless they are newer than what they are made from. */
function build(): boolean {
  const state = buildState(root);
  if (state === 'current') return true;
  say(state === 'missing' ? 'Building the studio (once, some seconds) …' : 'Building the studio anew …');
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const result = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status === 0) return true;
  process.stderr.write(
    `${result.stdout}${result.stderr}\nThe studio could not be built (the message is above).\n`,
  );
  return false;
}

async function lastProject(): Promise<string | undefined> {
  return (await listRecentProjects()).find(({ present }) => present)?.folder;
}

/** Runs the window until it is closed. */
function openWindow(electron: string, project: string | undefined): Promise<number> {
  const child = spawn(electron, [root, ...(project === undefined ? [] : ['--project', project])], {
    stdio: 'inherit',
  });
  // A Ctrl-C reaches the window's process too, which ends in good order.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      say(`Electron could not be started: ${error.message} Start by: npm start -- --browser`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
