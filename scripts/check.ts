// Everything that can be said of the code without running it: types, lint and import directions, formatting, dead code.
// The checks run at once. What two of them found out of a file is kept under the file's content, so that a check after
// small changes looks at those alone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string =>
  join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

const kept = (name: string): string => join(root, 'node_modules', '.cache', 'loam-check', name);

const checks: readonly {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}[] = [
  {
    name: 'types',
    command: 'tsc',
    // On one thread, because checkers beside each other look at many types twice, and the other checks run meanwhile.
    args: ['--noEmit', '--singleThreaded', '--incremental', '--tsBuildInfoFile', kept('types.json')],
  },
  {
    name: 'lint and import directions',
    command: 'oxlint',
    args: [
      '--type-aware',
      '--tsconfig',
      'tsconfig.json',
      '--deny-warnings',
      'src',
      'tests',
      'bench',
      'scripts',
      'resources',
    ],
  },
  {
    name: 'formatting',
    command: 'prettier',
    args: [
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      kept('formatting.json'),
      '.',
    ],
  },
  { name: 'dead code', command: 'knip', args: [] },
];

/** How a check ended, and what it said. */
interface Outcome {
  readonly passed: boolean;
  readonly said: string;
}

function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolved) => {
    const child = spawn(bin(command), args, {
      cwd: root,
      // The compiler and the linter are written in Go and spend a third of their time on collecting garbage by default.
      env: { GOGC: '400', ...process.env },
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
    child.on('error', (error) => resolved({ passed: false, said: `${said}${error.message}` }));
    child.on('close', (code) => resolved({ passed: code === 0, said }));
  });
}

const start = performance.now();
const seconds = (): string => ((performance.now() - start) / 1000).toFixed(1);

const outcomes = await Promise.all(
  checks.map(async ({ name, command, args }) => {
    const { passed, said } = await run(command, args);
    process.stdout.write(
      passed ? `✓ ${name} (after ${seconds()} s)\n` : `✗ ${name} (after ${seconds()} s)\n${said}\n`,
    );
    return passed;
  }),
);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
