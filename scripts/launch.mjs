#!/usr/bin/env node
// Runs one of the project's commands on a fresh clone: finds (or installs) Node 24, installs the packages
// that the lockfile names when they are missing or stale, then starts the command. No dependencies of its own.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeVersion = '24.21.0';
const minimum = [24, 14];

/** The commands: what `npm run …` starts, each with the arguments that precede the user's own. */
const commands = {
  start: ['scripts/start.ts'],
  quickstart: ['src/main/hosts/cli/main.ts', 'quickstart'],
  loam: ['src/main/hosts/cli/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  interop: ['scripts/interop.ts'],
  'kill-test': ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.kill.config.ts'],
  faults: ['tests/faults/main.ts'],
  bench: ['bench/main.ts'],
  check: ['scripts/check.ts'],
  build: ['node_modules/electron-vite/bin/electron-vite.js', 'build'],
  kernels: ['scripts/build-kernels.ts'],
  'tensorflow-binding': ['scripts/build-tensorflow-binding.ts'],
  screenshots: ['scripts/screenshots.ts'],
};

/** Those that take paths of the person's, which start from the folder that she is in. */
const worksHere = new Set(['start', 'quickstart', 'loam']);

/** Ends with one sentence for a person. */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The Node that runs the project: this one if it is new enough, else the one under `.node`, installed on demand. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, '.node');
  const binary = join(
    folder,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const works = () =>
    existsSync(binary) &&
    spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${nodeVersion}`;
  if (works()) return binary;
  process.stderr.write(
    `Loam needs Node ${minimum.join('.')} or newer and this is ${process.versions.node}: installing Node ${nodeVersion} into .node …\n`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(
    ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--silent', `${name}@${nodeVersion}`],
    process.execPath,
  );
  if (!works())
    fail(
      `Node ${nodeVersion} is not to be had from npm for ${process.platform}-${process.arch}. Install Node 24 from nodejs.org and run the command again.`,
    );
  return binary;
}

/** Runs npm under the given Node, so that it picks packages for that version. */
function npm(args, node) {
  const environment = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  };
  const script = process.env.npm_execpath;
  const result = script
    ? spawnSync(node, [script, ...args], { cwd: root, env: environment, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, {
        cwd: root,
        env: environment,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      });
  if (result.status !== 0)
    fail(
      `npm ${args[0]} failed (its message is above). Check the connection to your npm registry, then run the command again.`,
    );
}

/** Installs exactly what the lockfile names, once for each state of the lockfile. */
function installPackages(node) {
  const stamp = join(root, 'node_modules', '.loam-installed');
  const state = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.platform + process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  const packages = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false });
  if (packages?.isSymbolicLink())
    fail(
      'node_modules is a link to a folder elsewhere, which installing would empty. Remove the link, or bring that folder up to date, then run the command again.',
    );
  process.stderr.write('Installing the packages that Loam needs (once, about a minute) …\n');
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], node);
  writeFileSync(stamp, state);
}

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (command === undefined)
  fail(`Unknown command '${name ?? ''}'. There are: ${Object.keys(commands).join(', ')}.`);
const node = findNode();
installPackages(node);
const separator = process.platform === 'win32' ? ';' : ':';
const child = spawn(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, command[0]), ...command.slice(1), ...rest],
  {
    stdio: 'inherit',
    cwd: worksHere.has(name) ? (process.env.INIT_CWD ?? process.cwd()) : root,
    env: {
      ...process.env,
      ORT_DISABLE_TELEMETRY: '1',
      // Types are stripped and modules compiled once, not in each process: commands and workers start in half the time.
      NODE_COMPILE_CACHE:
        process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-modules'),
      PATH: `${dirname(node)}${separator}${process.env.PATH}`,
    },
  },
);
// A terminal sends Ctrl-C to the whole group: the child decides what to do with it, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
