import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoamError } from '../../src/shared/errors.ts';

const bench = join(import.meta.dirname, '..');
const requirements = join(bench, 'peers', 'requirements.txt');

/**
 * The Python that runs the peers: the one that LOAM_BENCH_PYTHON names, else one in a virtual environment under
 * `bench/.venv`, which is made and filled from `peers/requirements.txt` the first time and when that file changes.
 * @throws LoamError when there is no Python to make it with, or pip cannot install
 */
export function findPython(say: (line: string) => void): string {
  const given = process.env['LOAM_BENCH_PYTHON'];
  if (given !== undefined && given !== '') return given;
  const folder = join(bench, '.venv');
  const python =
    process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const stamp = join(folder, 'installed-requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;

  say('Making a virtual environment for the peers in bench/.venv and installing PyTorch there (once) …');
  const system = process.platform === 'win32' ? 'python' : 'python3';
  run(system, ['-m', 'venv', folder], 'Install Python 3.11 or newer, or name one in LOAM_BENCH_PYTHON.');
  run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
    'Check the connection to your Python package index, or name a Python that has the packages in LOAM_BENCH_PYTHON.',
  );
  writeFileSync(stamp, wanted);
  return python;
}

function run(command: string, arguments_: readonly string[], remedy: string): void {
  const { status, error } = spawnSync(command, arguments_, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  throw new LoamError({
    kind: 'environment',
    what: `${command} ${arguments_.slice(0, 3).join(' ')} failed${error === undefined ? '' : ` (${error.message})`}.`,
    where: requirements,
    remedy,
  });
}
