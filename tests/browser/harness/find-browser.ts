import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { LoamError } from '../../../src/shared/errors.ts';

/** Names a browser's program, for machines where it lies in an unusual place. */
const variable = 'LOAM_BROWSER';

const linuxNames = [
  'chromium',
  'google-chrome-stable',
  'google-chrome',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const macPrograms = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const windowsPrograms = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
];

/** Where a Chrome, Chromium or Edge may lie on a system, the likeliest first. */
export function usualPlaces(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
  home: string,
): readonly string[] {
  switch (platform) {
    case 'darwin':
      return ['/Applications', join(home, 'Applications')].flatMap((folder) =>
        macPrograms.map((program) => join(folder, program)),
      );
    case 'win32':
      return [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA]
        .filter((folder) => folder !== undefined && folder !== '')
        .flatMap((folder) => windowsPrograms.map((program) => `${folder}\\${program}`));
    default:
      return [...(environment.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
        .filter((folder) => folder !== '')
        .flatMap((folder) => linuxNames.map((name) => join(folder, name)))
        .concat('/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge');
  }
}

/** Whether a program is there and starts: some systems have a placeholder that only says what to install. */
function works(program: string): boolean {
  if (!existsSync(program)) return false;
  // Windows' browsers open a window instead of telling their version.
  if (process.platform === 'win32') return true;
  return spawnSync(program, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0;
}

function find(): string | undefined {
  const places = usualPlaces(process.platform, process.env, homedir());
  return [...places, chromium.executablePath()].find(works);
}

/** Runs an installer. What it prints matters to nobody: what counts is whether a browser is there afterwards. */
function attempt(program: string, words: readonly string[], seconds: number): void {
  try {
    execFileSync(program, words, {
      timeout: 1000 * seconds,
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch {
    // Whether it worked is seen by looking for the browser.
  }
}

function install(): void {
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    process.stderr.write('No Chrome, Chromium or Edge is here: installing Debian’s chromium …\n');
    attempt('apt-get', ['update'], 180);
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], 600);
    if (find() !== undefined) return;
  }
  process.stderr.write('No Chrome, Chromium or Edge is here: asking Playwright for its Chromium …\n');
  const playwright = resolve(import.meta.dirname, '../../../node_modules/playwright-core/cli.js');
  attempt(process.execPath, [playwright, 'install', 'chromium'], 300);
}

/**
 * The program of a Chrome, Chromium or Edge, installed first where there is none and it can be.
 * @throws LoamError when there is none to be had.
 */
export function findBrowser(): string {
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (works(named)) return named;
    throw new LoamError({
      kind: 'environment',
      what: 'The browser that LOAM_BROWSER names does not start.',
      where: named,
      remedy: 'Name the program of a Chrome, Chromium or Edge, or unset the variable.',
    });
  }
  const found = find();
  if (found !== undefined) return found;
  install();
  const installed = find();
  if (installed !== undefined) return installed;
  throw new LoamError({
    kind: 'environment',
    what: 'These tests need a Chrome, Chromium or Edge, and none was found or could be installed.',
    remedy: `Install one (Debian and Ubuntu: apt-get install chromium; elsewhere: google.com/chrome), or set ${variable} to its program.`,
  });
}
