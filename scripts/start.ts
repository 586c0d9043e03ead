// Opens the studio. Loam has no window of its own yet, so this says what there is to run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

process.stdout.write(`Loam's studio has no window yet: it is used from the command line.

See it all work on sample data, in about three minutes:
  npm run quickstart

Then with your own text:
  npm run loam -- init my-project
  npm run loam -- dataset import reports path/to/texts --project my-project
  npm run loam -- train --dataset reports --preset nano --project my-project

All commands:
`);
const main = join(import.meta.dirname, '..', 'src', 'main', 'hosts', 'cli', 'main.ts');
process.exitCode = spawnSync(process.execPath, [main, '--help'], { stdio: 'inherit' }).status ?? 1;
