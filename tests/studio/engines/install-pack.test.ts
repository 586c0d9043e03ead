import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobProgress } from '../../../src/shared/jobs/job.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import type { EngineProcedures } from '../../../src/main/studio/engines/engine-protocol.ts';
import { installPack, type PackOrigin } from '../../../src/main/studio/engines/install-pack.ts';
import { packLockFile } from '../../../src/main/studio/engines/pack-place.ts';
import {
  offersFor,
  type ArchiveOffer,
  type WheelOffer,
} from '../../../src/main/studio/engines/pack-offers.ts';
import {
  findPack,
  packFolder,
  requirePack,
  type PackManifest,
} from '../../../src/main/studio/engines/pack.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { forkModule, type Launcher, type WorkerExit } from '../../../src/main/studio/processes/launcher.ts';
import { describeFailure } from '../../../src/main/studio/processes/worker-failure.ts';
import type { WorkerReply, WorkerRequest } from '../../../src/main/studio/processes/worker-protocol.ts';
import { halve, libraryHead, ownLibrary, writeTarGz, writeZip, type Files } from './archives.ts';
import { accountOf, makeEnginePlace, until, type EnginePlace } from './engine-place.ts';

const releasedBinding = resolve(
  import.meta.dirname,
  `../../../resources/tensorflow-binding/${process.platform}-${process.arch}.node`,
);

let place: EnginePlace;
let folder: string;
beforeEach(async () => {
  place = await makeEnginePlace();
  folder = packFolder(place.path('home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.remove();
});

type Test = EngineProcedures['testTensorFlow'];

/** A process that is asked to try the engine: it answers, fails, ends, or is silent until it is ended. */
type Behaviour = (
  parameters: Test['parameters'],
) =>
  | { readonly result: Test['result'] }
  | { readonly failure: Error }
  | { readonly exit: WorkerExit }
  | 'silence';

interface Double {
  readonly launcher: Launcher;
  /** Processes that were started and have not ended. */
  readonly alive: () => number;
}

function launch(behaviour: Behaviour): Double {
  let alive = 0;
  return {
    alive: () => alive,
    launcher: (kind) => {
      expect(kind).toBe('engine');
      alive++;
      let tell: (message: WorkerReply) => void = () => undefined;
      let end: (exit: WorkerExit) => void = () => undefined;
      let ended = false;
      const exit = (how: WorkerExit): void => {
        if (ended) return;
        ended = true;
        alive--;
        setImmediate(() => end(how));
      };
      return {
        pid: undefined,
        send: (message) => {
          const request = message as WorkerRequest;
          if (request.type !== 'call') return;
          const { id } = request;
          const reaction = behaviour(request.parameters as Test['parameters']);
          setImmediate(() => {
            if (reaction === 'silence') return;
            if ('exit' in reaction) exit(reaction.exit);
            else if ('result' in reaction) tell({ type: 'result', id, result: reaction.result });
            else tell({ type: 'failure', id, failure: describeFailure(reaction.failure) });
          });
        },
        onMessage: (listener) => {
          tell = listener;
        },
        onExit: (listener) => {
          end = listener;
        },
        askToEnd: () => exit({ code: 0, signal: null, lastWords: '' }),
        kill: () => exit({ code: null, signal: 'SIGKILL', lastWords: '' }),
      };
    },
  };
}

const good = { version: '2.15.1', device: 'cpu', deviceName: 'a processor (2 cores)' } as const;
const passing = launch(() => ({ result: good }));

/** An archive that holds a binding, too, so that none must be compiled. */
const archiveFiles = (text: string): Files => ({
  'tensorflow/libtensorflow_framework.so.2': ownLibrary(`the framework, ${text}`),
  'tensorflow/libtensorflow_cc.so.2': ownLibrary(`the rest, ${text}`),
  'tensorflow/include/tensorflow/c/c_api.h': '// headers are for compiling alone',
  'napi-v8/tfjs_binding.node': ownLibrary(`the binding, ${text}`),
});
const writeWheel = (text: string, name = `tensorflow_cpu-${text}.whl`): Promise<string> =>
  writeZip(place.path(name), archiveFiles(text));

interface Install {
  readonly origin: PackOrigin;
  readonly launcher?: Launcher;
  readonly signal?: AbortSignal;
  readonly report?: (progress: JobProgress) => void;
}
const install = ({
  origin,
  launcher = passing.launcher,
  signal = new AbortController().signal,
  report = () => undefined,
}: Install): Promise<PackManifest> =>
  installPack({ origin, launcher, signal, report, clock: () => new Date('2026-01-02T03:04:05Z'), folder });
const fromFiles = (...paths: string[]): PackOrigin => ({ kind: 'files', paths, onlyKnown: false });

/** Everything in the person's folder but locks, with what stands in it. */
async function contents(): Promise<Record<string, string>> {
  const entries = await readdir(place.path('home'), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await readFile(file)).toString('latin1')] as const)),
  );
}

describe('over a page, only what Loam has a checksum for is installed', () => {
  const [known] = offersFor('linux', 'x64')
    .flatMap((offer) => (offer.way === 'pip' ? offer.wheels : []))
    .toSorted((a, b) => a.bytes - b.bytes);
  const tested = vi.fn();
  const { launcher } = launch(() => {
    tested();
    return { result: good };
  });
  const overPage = (path: string): PackOrigin => ({ kind: 'files', paths: [path], onlyKnown: true });

  test('an archive of another name is refused, with the command that takes it', async () => {
    const path = await writeWheel('new');
    expect(await accountOf(install({ origin: overPage(path), launcher }))).toMatchObject({
      kind: 'input',
      where: path,
      what: expect.stringContaining('no checksum'),
      remedy: expect.stringContaining('loam engine install tensorflow --from'),
    });
  });

  test('one that has the name of a known archive, and its size, is compared to the last byte', async () => {
    const path = place.path(known?.name ?? '');
    await writeFile(path, 'x');
    const refusal = async () => (await accountOf(install({ origin: overPage(path), launcher }))).what;
    expect(await refusal()).toContain('not whole');
    await truncate(path, known?.bytes);
    expect(await refusal()).toContain('its SHA-256 is another');
    expect(tested).not.toHaveBeenCalled();
    expect(await contents()).toEqual({});
  });
});

describe('a pack that passes its test', () => {
  test('takes its place with what was tested: libraries, binding, and a description of both', async () => {
    const stages: string[] = [];
    const tested: Test['parameters'][] = [];
    const manifest = await install({
      origin: fromFiles(await writeWheel('new')),
      report: ({ stage }) => stages.push(stage),
      launcher: launch((parameters) => {
        for (const file of [...parameters.libraries.libraries, parameters.libraries.binding])
          expect(existsSync(file)).toBe(true);
        // Nothing stands in the pack's place before its test is over.
        expect(existsSync(folder)).toBe(false);
        tested.push(parameters);
        return { result: good };
      }).launcher,
    });
    expect(manifest).toMatchObject({
      format: 1,
      engine: 'tensorflow',
      version: '2.15.1',
      device: 'cpu',
      deviceName: 'a processor (2 cores)',
      platform: process.platform,
      architecture: process.arch,
      source: 'tensorflow_cpu-new.whl',
      unknownFiles: ['tensorflow_cpu-new.whl'],
      installedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(manifest.libraries.map(({ path }) => path)).toEqual([
      'lib/libtensorflow_framework.so.2',
      'lib/libtensorflow_cc.so.2',
    ]);
    expect(await findPack(folder)).toMatchObject({ state: 'installed', manifest });
    expect((await requirePack(folder)).binding).toBe(join(folder, 'lib/tfjs_binding.node'));
    expect((await readdir(folder)).toSorted()).toEqual(['lib', 'pack.json', 'verified.json']);
    expect(stages).toEqual(['Unpacking', 'Testing', 'Noting what was installed']);
    expect(tested[0]?.threads).toBeGreaterThan(0);
  });

  test('takes the place of an earlier one, of which nothing stays', async () => {
    await install({ origin: fromFiles(await writeWheel('old')) });
    await install({ origin: fromFiles(await writeWheel('new')) });
    expect(JSON.stringify(await contents())).not.toContain('old');
    expect(await findPack(folder)).toMatchObject({ manifest: { source: 'tensorflow_cpu-new.whl' } });
    expect(await readdir(place.path('home/engines'))).toEqual(['tensorflow']);
  });

  test('is not installed while another process installs one, which goes on unharmed', async () => {
    const lock = acquireLock(packLockFile(folder), 'installing');
    const origin = fromFiles(await writeWheel('new'));
    expect(await accountOf(install({ origin }))).toMatchObject({
      kind: 'input',
      what: expect.stringContaining('installing or removing'),
    });
    lock?.release();
    expect(await install({ origin })).toMatchObject({ source: 'tensorflow_cpu-new.whl' });
  });

  test('does not take the place of one that a process computes with', async () => {
    await install({ origin: fromFiles(await writeWheel('old')) });
    const user = fork(new URL('./using-process.ts', import.meta.url), [folder]);
    await once(user, 'message');
    const origin = fromFiles(await writeWheel('new'));
    expect((await accountOf(install({ origin }))).what).toContain('in use');
    expect(await findPack(folder)).toMatchObject({ manifest: { source: 'tensorflow_cpu-old.whl' } });
    user.kill('SIGKILL');
    await once(user, 'exit');
    expect(await install({ origin })).toMatchObject({ source: 'tensorflow_cpu-new.whl' });
  });

  test('brings a pack back first that a killed installation had put aside, so that a failure leaves that one', async () => {
    await install({ origin: fromFiles(await writeWheel('old')) });
    await rename(folder, place.path('home/engines/.tensorflow.aside'));
    await accountOf(install({ origin: fromFiles(place.path('nowhere.whl')) }));
    expect(await findPack(folder)).toMatchObject({ manifest: { source: 'tensorflow_cpu-old.whl' } });
  });

  test('removes what an installation left that was killed, however lately: the lock says that none is under way', async () => {
    const abandoned = await place.write('home/engines/.tensorflow.partial-0123456789ab/wheels/a.whl', 'half');
    await install({ origin: fromFiles(await writeWheel('new')) });
    expect(existsSync(abandoned)).toBe(false);
    expect(await readdir(place.path('home/engines'))).toEqual(['tensorflow']);
  });
});

test.skipIf(process.platform === 'win32')(
  'a pack that computes on a card says which, though TensorFlow does not (skipped on Windows: it needs a shell script)',
  async () => {
    vi.stubEnv('PATH', `${place.path('bin')}:${process.env['PATH']}`);
    await place.script('bin/nvidia-smi', 'echo "NVIDIA T4, 15360, 550.54.14"');
    const manifest = await install({
      origin: fromFiles(await writeWheel('x', 'libtensorflow-gpu.whl')),
      launcher: launch(() => ({ result: { version: '2.15.1', device: 'gpu', deviceName: 'GPU' } })).launcher,
    });
    expect(manifest).toMatchObject({ device: 'gpu', deviceName: 'NVIDIA T4' });
  },
);

describe('whatever fails leaves what was installed as it was, and nothing beside it', () => {
  let before: Record<string, string>;
  beforeEach(async () => {
    await place.write('home/settings.json', '{}');
    await install({ origin: fromFiles(await writeWheel('old')) });
    before = await contents();
  });
  afterEach(async () => {
    expect(await contents()).toEqual(before);
    expect(await readdir(place.path('home/engines'))).toEqual(['tensorflow']);
    expect((await requirePack(folder)).binding).toBe(join(folder, 'lib', 'tfjs_binding.node'));
  });

  const installNew = async (double: Double): Promise<LoamError> => {
    const error = await accountOf(
      install({ origin: fromFiles(await writeWheel('new')), launcher: double.launcher }),
    );
    expect(double.alive()).toBe(0);
    return error;
  };
  const ending = (signal: string, lastWords = ''): Double =>
    launch(() => ({ exit: { code: null, signal, lastWords } }));

  test('a processor without the instructions ends the test by a signal', async () => {
    expect(await installNew(ending('SIGILL'))).toMatchObject({
      kind: 'environment',
      what: expect.stringContaining('AVX'),
      remedy: 'Use the ONNX Runtime engine, which does without them.',
    });
  });

  test('TensorFlow ends itself, and what it said last is understood', async () => {
    const words = 'The TensorFlow library was compiled to use AVX instructions, but these aren’t available';
    expect((await installNew(ending('SIGABRT', words))).what).toContain('AVX');
  });

  test('the operating system ends the test for want of memory', async () => {
    expect((await installNew(ending('SIGKILL'))).what).toContain('not enough memory');
  });

  test('the test crashes for a reason that nobody knows', async () => {
    const { what, remedy } = await installNew(ending('SIGSEGV'));
    expect(what).toContain('by the signal SIGSEGV');
    expect(remedy).toContain('Nothing was installed.');
  });

  test.skipIf(process.platform === 'win32')(
    'a real process crashes (skipped on Windows, which has no signals)',
    async () => {
      const error = await accountOf(
        install({
          origin: fromFiles(await writeWheel('new')),
          launcher: () => forkModule(new URL('./crashing-worker.ts', import.meta.url)),
        }),
      );
      expect(error.what).toContain('AVX');
    },
  );

  test('a library cannot be loaded', async () => {
    const double = launch(() => ({
      failure: new LoamError({
        kind: 'environment',
        where: 'libtensorflow_cc.so.2',
        what: 'TensorFlow cannot be loaded: version `GLIBC_2.99’ not found.',
        remedy: 'x.',
      }),
    }));
    expect((await installNew(double)).what).toContain('newer C or C++ library');
  });

  test('the engine computes something else than it must', async () => {
    const double = launch(() => ({ failure: new Error('loss differs by 1.0e+0 from what it must be.') }));
    expect((await installNew(double)).what).toContain('loss differs by 1.0e+0');
  });

  test('a file that is not there, half a file, and one for another system', async () => {
    expect((await accountOf(install({ origin: fromFiles(place.path('nowhere.whl')) }))).what).toContain(
      'no such file',
    );
    const half = await writeWheel('half');
    await halve(half);
    expect((await accountOf(install({ origin: fromFiles(half) }))).where).toBe(half);
    const elsewhere = await writeZip(place.path('elsewhere.whl'), {
      'tensorflow/libtensorflow_cc.so.2': libraryHead('linux', 'riscv64'),
    });
    expect((await accountOf(install({ origin: fromFiles(elsewhere) }))).what).toContain('It is for linux');
  });

  test('a pack for a card where there is none is refused before it is tested', async () => {
    vi.stubEnv('PATH', place.path('empty'));
    let tried = false;
    const double = launch(() => {
      tried = true;
      return { result: good };
    });
    const wheel = await writeWheel('x', 'libtensorflow-gpu.whl');
    const error = await accountOf(install({ origin: fromFiles(wheel), launcher: double.launcher }));
    expect(error.what).toMatch(/NVIDIA/);
    expect(tried).toBe(false);
  });

  test.skipIf(process.platform === 'win32')(
    'a pack for a card that computes on the processor is not taken for one that works (skipped on Windows: it needs a shell script)',
    async () => {
      vi.stubEnv('PATH', `${place.path('bin')}:${process.env['PATH']}`);
      await place.script('bin/nvidia-smi', 'echo "NVIDIA T4, 15360, 550.54.14"');
      const wheel = await writeWheel('x', 'libtensorflow-gpu.whl');
      const error = await accountOf(install({ origin: fromFiles(wheel) }));
      expect(error).toMatchObject({
        kind: 'environment',
        what: expect.stringContaining('does not find the card'),
      });
      expect(error.remedy).toContain('pack for the processor');
    },
  );

  // A release that was built in this folder brings the binding along: there is nothing to compile then.
  test.skipIf(existsSync(releasedBinding))(
    'a binding that must be compiled, where there is no compiler (skipped where a built one lies in this folder)',
    async () => {
      const { 'napi-v8/tfjs_binding.node': _, ...withoutBinding } = archiveFiles('new');
      const wheel = await writeZip(place.path('tensorflow.whl'), withoutBinding);
      vi.stubEnv('PATH', place.path('empty'));
      expect((await accountOf(install({ origin: fromFiles(wheel) }))).what).toContain(
        'there is no C++ compiler',
      );
    },
  );

  describe('and so does cancelling', () => {
    test('while the engine is tested: its process is ended', async () => {
      const stop = new AbortController();
      const double = launch(() => {
        setImmediate(() => stop.abort());
        return 'silence';
      });
      const installing = install({
        origin: fromFiles(await writeWheel('new')),
        launcher: double.launcher,
        signal: stop.signal,
      });
      await expect(installing).rejects.toMatchObject({ name: 'AbortError' });
      expect(double.alive()).toBe(0);
    });

    test.each(['Unpacking', 'Testing', 'Noting what was installed'])('at the stage %s', async (wanted) => {
      const stop = new AbortController();
      const installing = install({
        origin: fromFiles(await writeWheel('new')),
        signal: stop.signal,
        report: ({ stage }) => {
          if (stage === wanted) stop.abort();
        },
      });
      await expect(installing).rejects.toMatchObject({ name: 'AbortError' });
    });

    test('before it began', async () => {
      const installing = install({
        origin: fromFiles(await writeWheel('new')),
        signal: AbortSignal.abort(),
      });
      await expect(installing).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
});

const wheelOffer = (unpackedBytes = 1000): WheelOffer => ({
  way: 'pip',
  device: 'cpu',
  version: '2.15.1',
  wheels: [{ requirement: 'tensorflow-cpu==2.15.1', name: 'x.whl', bytes: 100, sha256: 'aa'.repeat(32) }],
  unpackedBytes,
});

describe.skipIf(process.platform === 'win32')(
  'an offer that pip fetches (skipped on Windows: it needs a shell script)',
  () => {
    const pretendPython = (...lines: string[]): Promise<string> =>
      place.script(
        'python',
        '[ "$3" = --version ] && exit 0',
        'for word in "$@"; do case "$word" in --dest=*) dest="${word#--dest=}";; esac; done',
        ...lines,
      );

    test('is installed from the wheels that it brought, of which none stays', async () => {
      const wheel = await writeWheel('fetched');
      const python = await pretendPython(`cp '${wheel}' "$dest/"`);
      const manifest = await install({ origin: { kind: 'offer', offer: wheelOffer(), python } });
      expect(manifest.source).toBe('tensorflow_cpu-fetched.whl');
      expect((await readdir(folder)).toSorted()).toEqual(['lib', 'pack.json', 'verified.json']);
    });

    test('is not begun where the disk has no room for it, and it is said how much is needed', async () => {
      const python = await pretendPython(`touch '${place.path('began')}'`);
      const error = await accountOf(install({ origin: { kind: 'offer', offer: wheelOffer(1e18), python } }));
      expect(error).toMatchObject({
        kind: 'environment',
        where: place.path('home/engines'),
        what: expect.stringMatching(/^The engine needs 1000000000\.0 GB .* and [\d.]+ GB are free\.$/),
      });
      expect(existsSync(place.path('began'))).toBe(false);
      expect(await readdir(place.path('home/engines'))).toEqual([]);
    });

    test('leaves nothing when pip fails, or is cancelled', async () => {
      const failing = await pretendPython('echo half > "$dest/x.whl"', 'exit 1');
      await accountOf(install({ origin: { kind: 'offer', offer: wheelOffer(), python: failing } }));
      expect(await contents()).toEqual({});

      const hanging = await pretendPython(
        'echo half > "$dest/x.whl"',
        `touch '${place.path('began')}'`,
        'exec sleep 60',
      );
      const stop = new AbortController();
      const ended = install({
        origin: { kind: 'offer', offer: wheelOffer(), python: hanging },
        signal: stop.signal,
      }).catch((error: unknown) => error);
      await until(() => existsSync(place.path('began')));
      stop.abort();
      expect(await ended).toMatchObject({ name: 'AbortError' });
      expect(await readdir(place.path('home/engines'))).toEqual([]);
    });

    test('for a card is refused before anything is fetched where the card’s driver is too old', async () => {
      vi.stubEnv('PATH', `${place.path('bin')}:${process.env['PATH']}`);
      await place.script('bin/nvidia-smi', 'echo "NVIDIA T4, 15360, 470.199.02"');
      const python = await pretendPython(`touch '${place.path('began')}'`);
      const offer: WheelOffer = { ...wheelOffer(), device: 'gpu', oldestDriver: '525.60.13' };
      expect(await accountOf(install({ origin: { kind: 'offer', offer, python } }))).toMatchObject({
        where: 'NVIDIA T4',
        what: expect.stringContaining('470.199.02'),
      });
      expect(existsSync(place.path('began'))).toBe(false);
    });
  },
);

describe('an offer that Loam fetches', () => {
  const serve = async (path: string, work: (offer: ArchiveOffer) => Promise<void>): Promise<void> => {
    const body = await readFile(path);
    const server = createServer((request, response) => {
      if (request.url !== '/libtensorflow.tar.gz') return void response.writeHead(404).end();
      response.setHeader('content-length', body.length);
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await work({
        way: 'download',
        device: 'cpu',
        version: '2.9.1',
        urls: [`http://127.0.0.1:${port}/libtensorflow.tar.gz`],
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };

  test('is installed, and how much of it has come is told', async () => {
    const archive = await writeTarGz(place.path('x.tar.gz'), archiveFiles('fetched'));
    const { length } = await readFile(archive);
    await serve(archive, async (offer) => {
      const told: JobProgress[] = [];
      await install({ origin: { kind: 'offer', offer }, report: (progress) => told.push(progress) });
      expect(told.find(({ done }) => done === length)).toMatchObject({ stage: 'Fetching' });
      expect(await findPack(folder)).toMatchObject({ manifest: { source: 'libtensorflow.tar.gz' } });
    });
  });

  test('of which one file is missing leaves nothing', async () => {
    const archive = await writeTarGz(place.path('x.tar.gz'), archiveFiles('fetched'));
    await serve(archive, async (offer) => {
      const urls = [...offer.urls, `${new URL(offer.urls[0]!).origin}/gone.zip`];
      const error = await accountOf(install({ origin: { kind: 'offer', offer: { ...offer, urls } } }));
      expect(error.what).toContain('404');
      expect(await readdir(place.path('home/engines'))).toEqual([]);
    });
  });
});

test('a home in which nothing may be made is told as such', async () => {
  await mkdir(place.path('home'));
  await place.write('home/engines', 'a file where a folder is meant');
  expect(await accountOf(install({ origin: fromFiles(await writeWheel('new')) }))).toMatchObject({
    kind: 'environment',
    what: 'A part of this path is a file, not a folder.',
  });
});
