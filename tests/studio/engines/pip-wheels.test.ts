import { readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WheelOffer } from '../../../src/main/studio/engines/pack-offers.ts';
import { fetchWheels } from '../../../src/main/studio/engines/pip-wheels.ts';
import { accountOf, makeEnginePlace, until, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
beforeEach(async () => {
  place = await makeEnginePlace();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.remove();
});

const offer: WheelOffer = {
  way: 'pip',
  device: 'cpu',
  version: '2.15.1',
  wheels: [
    { requirement: 'tensorflow-cpu==2.15.1', name: 'a.whl', bytes: 100, sha256: 'aa'.repeat(32) },
    { requirement: 'nvidia-cublas-cu12==12.2.5.6', name: 'b.whl', bytes: 200, sha256: 'bb'.repeat(32) },
  ],
  unpackedBytes: 1000,
};

const fetchBy = (
  python: string | undefined,
  options: { onProgress?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<readonly string[]> =>
  fetchWheels(offer, place.path('staging'), {
    onProgress: () => undefined,
    signal: new AbortController().signal,
    python,
    ...options,
  });

/** A Python whose pip does as the lines say; what it is asked lies in `asked` beside it, and $dest is where wheels go. */
const pretendPython = (...lines: string[]): Promise<string> =>
  place.script(
    'python',
    '[ "$3" = --version ] && exit 0',
    `printf '%s\\n' "$@" > '${place.path('asked')}'`,
    'for word in "$@"; do case "$word" in --dest=*) dest="${word#--dest=}";; esac; done',
    ...lines,
  );

describe.skipIf(process.platform === 'win32')(
  'the person’s own pip (skipped on Windows: it needs a shell script)',
  () => {
    test('brings the wheels that an offer names, each with its SHA-256, and Python itself is never asked for', async () => {
      const python = await pretendPython('echo 1 > "$dest/a.whl"; echo 2 > "$dest/b.whl"');
      expect((await fetchBy(python)).toSorted()).toEqual([
        place.path('staging/wheels/a.whl'),
        place.path('staging/wheels/b.whl'),
      ]);
      const asked = (await readFile(place.path('asked'), 'utf8')).trim().split('\n');
      expect(asked.slice(0, 3)).toEqual(['-m', 'pip', 'download']);
      for (const word of ['--no-deps', '--require-hashes', '--only-binary=:all:', '--python-version=311'])
        expect(asked).toContain(word);
      const requirements = asked.find((word) => word.startsWith('--requirement='))?.split('=')[1] ?? '';
      expect(await readFile(requirements, 'utf8')).toBe(
        `tensorflow-cpu==2.15.1 --hash=sha256:${'aa'.repeat(32)}\nnvidia-cublas-cu12==12.2.5.6 --hash=sha256:${'bb'.repeat(32)}\n`,
      );
    });

    test('keeps what it holds meanwhile inside the folder, and how much has come is told', async () => {
      const python = await pretendPython(
        'head -c 54321 /dev/zero > "$TMPDIR/part"',
        `while [ ! -e '${place.path('told')}' ]; do sleep 0.05; done`,
        'mv "$TMPDIR/part" "$dest/a.whl"',
      );
      const told: number[] = [];
      const fetching = fetchBy(python, { onProgress: (bytes) => told.push(bytes) });
      await until(() => told.some((bytes) => bytes >= 54_321));
      await place.write('told', '');
      expect(await fetching).toEqual([place.path('staging/wheels/a.whl')]);
    });

    test('that fails is told with its last error', async () => {
      const python = await pretendPython(
        'echo "WARNING: retrying" >&2',
        'echo "ERROR: Could not find a version" >&2',
        'echo "ERROR: No matching distribution found for tensorflow-cpu==2.15.1" >&2',
        'exit 1',
      );
      expect(await accountOf(fetchBy(python))).toMatchObject({
        kind: 'environment',
        what: 'pip could not fetch TensorFlow: No matching distribution found for tensorflow-cpu==2.15.1.',
        remedy: expect.stringContaining('package index'),
      });
    });

    test('that fails without a word is told with its exit code', async () => {
      const python = await pretendPython('exit 7');
      expect((await accountOf(fetchBy(python))).what).toBe(
        'pip could not fetch TensorFlow: it ended with exit code 7.',
      );
    });

    test('that brings a wheel with another SHA-256 says so itself', async () => {
      const python = await pretendPython(
        'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2',
        'echo "        Expected sha256 aa" >&2',
        'exit 1',
      );
      expect((await accountOf(fetchBy(python))).what).toContain('DO NOT MATCH THE HASHES');
    });

    test('that hangs is ended when the person cancels, before the cancelling is over', async () => {
      const python = await pretendPython(
        `echo $$ > '${place.path('pid')}.part'; mv '${place.path('pid')}.part' '${place.path('pid')}'`,
        // Some programs take their time to end when they are asked to.
        'trap "" TERM',
        'while true; do sleep 0.1; done',
      );
      const stop = new AbortController();
      const ended = fetchBy(python, { signal: stop.signal }).catch((error: unknown) => error);
      await until(() => existsSync(place.path('pid')));
      stop.abort();
      expect(await ended).toMatchObject({ name: 'AbortError' });
      const pid = Number(await readFile(place.path('pid'), 'utf8'));
      expect(pid).toBeGreaterThan(0);
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    });

    test('that does not even say its version is not waited for when the person cancels', async () => {
      const python = await place.script('python', `touch '${place.path('asked')}'`, 'exec sleep 60');
      const stop = new AbortController();
      const ended = fetchBy(python, { signal: stop.signal }).catch((error: unknown) => error);
      await until(() => existsSync(place.path('asked')));
      const before = Date.now();
      stop.abort();
      expect(await ended).toMatchObject({ name: 'AbortError' });
      expect(Date.now() - before).toBeLessThan(5000);
    });

    test('is found under the name python3, else python', async () => {
      vi.stubEnv('PATH', `${place.path('bin')}:${process.env['PATH']}`);
      await place.script('bin/python3', 'echo "No module named pip" >&2; exit 1');
      await place.script(
        'bin/python',
        '[ "$3" = --version ] && exit 0',
        'for word in "$@"; do case "$word" in --dest=*) touch "${word#--dest=}/a.whl" "${word#--dest=}/b.whl";; esac; done',
      );
      expect(await fetchBy(undefined)).toHaveLength(2);
    });
  },
);

test('where there is no Python, it is said which names were tried, and what else can be done', async () => {
  vi.stubEnv('PATH', place.path('empty'));
  const names = process.platform === 'win32' ? 'py, python' : 'python3, python';
  expect(await accountOf(fetchBy(undefined))).toMatchObject({
    kind: 'environment',
    what: `There is no Python with pip here (tried: ${names}).`,
    remedy: expect.stringContaining('Install Python 3'),
  });
  const named = place.path('no python');
  expect((await accountOf(fetchBy(named))).what).toContain(`(tried: ${named})`);
  expect(existsSync(place.path('staging'))).toBe(false);
});

test.skipIf(process.platform === 'win32')(
  'a Python without pip is none (skipped on Windows: it needs a shell script)',
  async () => {
    const python = await place.script('python', 'exit 1');
    expect((await accountOf(fetchBy(python))).what).toContain('no Python with pip');
    expect(await readdir(place.folder)).toEqual(['python']);
  },
);
