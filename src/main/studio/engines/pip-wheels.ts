import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { folderBytes } from '../durable-files.ts';
import { wheelPython, type WheelOffer } from './pack-offers.ts';

/** Names under which Python is found. */
const pythons = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];

/**
 * Has the person's own pip fetch the wheels of an offer, each checked by its SHA-256. pip knows the addresses: its settings
 * may name a mirror of the house.
 * @returns the wheels' paths
 * @throws LoamError when there is no pip, or it fails
 */
export async function fetchWheels(
  offer: WheelOffer,
  folder: string,
  options: {
    readonly onProgress: (bytes: number) => void;
    readonly signal: AbortSignal;
    readonly python?: string | undefined;
  },
): Promise<readonly string[]> {
  const python = await findPython(options.python === undefined ? pythons : [options.python], options.signal);
  const wheels = join(folder, 'wheels');
  const temporary = join(folder, 'pip');
  await mkdir(wheels, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const requirements = join(temporary, 'requirements.txt');
  await writeFile(
    requirements,
    offer.wheels.map(({ requirement, sha256 }) => `${requirement} --hash=sha256:${sha256}\n`).join(''),
  );
  const look = async (): Promise<void> => {
    const [done, doing] = await Promise.all([folderBytes(wheels), folderBytes(temporary)]);
    options.onProgress(Math.max(done, doing));
  };
  const watch = setInterval(() => void look(), 500);
  try {
    await runPip(
      python,
      [
        'download',
        '--no-deps',
        '--require-hashes',
        '--only-binary=:all:',
        '--disable-pip-version-check',
        '--no-input',
        '--no-cache-dir',
        '--progress-bar=off',
        `--python-version=${wheelPython.version}`,
        '--implementation=cp',
        `--abi=${wheelPython.abi}`,
        '--abi=none',
        `--platform=${wheelPython.platform}`,
        '--platform=manylinux1_x86_64',
        `--dest=${wheels}`,
        `--requirement=${requirements}`,
      ],
      temporary,
      options.signal,
      offer.wheels.map(({ name }) => name).join(', '),
    );
  } finally {
    clearInterval(watch);
  }
  const names = await readdir(wheels);
  if (names.length === 0)
    throw new LoamError({
      kind: 'environment',
      what: 'pip fetched nothing.',
      where: python,
      remedy: 'See that this is a Python with pip, or let Loam look for one.',
    });
  return names.map((name) => join(wheels, name));
}

/** A Python with pip. @throws LoamError when there is none */
async function findPython(names: readonly string[], signal: AbortSignal): Promise<string> {
  for (const name of names) {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
    if (
      await run(name, ['-m', 'pip', '--version'], {}, patience).then(
        ({ code }) => code === 0,
        () => false,
      )
    )
      return name;
    signal.throwIfAborted();
  }
  throw new LoamError({
    kind: 'environment',
    what: `There is no Python with pip here (tried: ${names.join(', ')}).`,
    remedy:
      'Install Python 3 with pip, or fetch the wheel of TensorFlow on another machine and give the file.',
  });
}

async function runPip(
  python: string,
  parameters: readonly string[],
  temporary: string,
  signal: AbortSignal,
  fileNames: string,
): Promise<void> {
  const { code, output } = await run(python, ['-m', 'pip', ...parameters], { TMPDIR: temporary }, signal);
  signal.throwIfAborted();
  if (code === 0) return;
  const lines = output.split('\n').filter((line) => /^\s*(ERROR|error)/.test(line));
  throw new LoamError({
    kind: 'environment',
    what: `pip could not fetch TensorFlow: ${lines.at(-1)?.replace(/^\s*ERROR:\s*|\.\s*$/g, '') ?? `it ended with exit code ${code}`}.`,
    remedy: `See that this machine may reach a package index (pip says that nothing matches where it reaches none), or fetch ${fileNames} on another machine and give the file.`,
  });
}

/** Runs a program to its end. One that is cancelled has ended, too, when this fails: it writes nothing any more. */
function run(
  command: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => {
      if (child.pid === undefined || child.exitCode !== null) reject(error);
      else child.once('exit', () => reject(error));
    });
    child.once('close', (code) => resolve({ code, output }));
  });
}
