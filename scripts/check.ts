// Everything that can be said of the code without running it: types, lint and import directions, formatting, dead code.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string =>
  join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

const checks: readonly {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
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
  { name: 'formatting', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'dead code', command: 'knip', args: [] },
];

let failed = 0;
for (const { name, command, args } of checks) {
  const start = performance.now();
  const result = spawnSync(bin(command), args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.status === 0) {
    process.stdout.write(`✓ ${name} (${seconds} s)\n`);
  } else {
    failed++;
    process.stdout.write(`✗ ${name} (${seconds} s)\n${result.stdout}${result.stderr}\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
