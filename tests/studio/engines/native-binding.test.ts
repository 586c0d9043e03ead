import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  compileBinding,
  compilerArguments,
  findReleased,
  releasedBinding,
} from '../../../src/main/studio/engines/native-binding.ts';
import { accountOf, makeEnginePlace, until, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
beforeEach(async () => {
  place = await makeEnginePlace();
  await mkdir(place.path('bin'));
  vi.stubEnv('PATH', place.path('bin'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.remove();
});

const compile = (signal?: AbortSignal): Promise<void> =>
  compileBinding(place.path('tfjs_binding.node'), place.path('include'), signal);

test('the binding is compiled from its two sources, for any Node, and names no library', () => {
  const words = compilerArguments({
    sources: '/sources',
    tensorflowHeaders: '/tensorflow',
    output: '/pack/tfjs_binding.node',
  });
  expect(words).toEqual(
    expect.arrayContaining([
      '-shared',
      '-fPIC',
      '-I/sources',
      '-I/tensorflow',
      join('/sources', 'tfjs_backend.cc'),
      join('/sources', 'tfjs_binding.cc'),
    ]),
  );
  expect(words.slice(-2)).toEqual(['-o', '/pack/tfjs_binding.node']);
  expect(words.filter((word) => /^-(l|L)|\.so|\.dylib/.test(word))).toEqual([]);
  expect(words).toContain('-DNAPI_VERSION=8');
});

test('the binding of a release is that in Loam’s own folder, and never one above it or in another program', async () => {
  const module = place.path('opt/loam/out/main');
  await mkdir(module, { recursive: true });
  await place.write(releasedBinding, 'of somebody else');
  await place.write(join('opt/loam', releasedBinding.replace('tensorflow-binding', 'other')), 'another file');
  // No package.json at all, a damaged one, and that of another program.
  expect(await findReleased(module)).toBeUndefined();
  await place.write('opt/loam/out/package.json', '{"type":');
  await place.write('package.json', '{"name": "other"}');
  expect(await findReleased(module)).toBeUndefined();
  await place.write('opt/loam/package.json', '{"name": "loam"}');
  expect(await findReleased(module)).toBeUndefined();
  const own = await place.write(join('opt/loam', releasedBinding), 'its own');
  expect(await findReleased(module)).toBe(own);
});

test('without a compiler, it is said which were tried, and how to get one or do without', async () => {
  expect(await accountOf(compile())).toMatchObject({
    kind: 'environment',
    what: expect.stringContaining('there is no C++ compiler (tried: c++, g++, clang++)'),
    remedy: expect.stringMatching(/apt install g\+\+.*ONNX Runtime/),
  });
});

describe.skipIf(process.platform === 'win32')(
  'a compiler (skipped on Windows: it needs a shell script)',
  () => {
    test('is given sources and headers that are there', async () => {
      await place.script(
        'bin/c++',
        `printf '%s\\n' "$@" > '${place.path('asked')}'`,
        // All that lies beside the sources: what they include, too.
        `for word in "$@"; do case "$word" in *tfjs_backend.cc) (cd "\${word%/*}" && echo *) > '${place.path('beside')}';; esac; done`,
        `: > '${place.path('tfjs_binding.node')}'`,
      );
      await compile();
      expect(existsSync(place.path('tfjs_binding.node'))).toBe(true);
      const asked = (await readFile(place.path('asked'), 'utf8')).trim().split('\n');
      expect((await readFile(place.path('beside'), 'utf8')).trim().split(' ')).toEqual(
        expect.arrayContaining(['node_api.h', 'tfjs_backend.cc', 'tfjs_backend.h', 'tfjs_binding.cc']),
      );
      // Nothing of them is left behind.
      for (const source of asked.filter((word) => word.endsWith('.cc')))
        expect(existsSync(source)).toBe(false);
      expect(asked).toContain(`-I${place.path('include')}`);
    });

    test('is looked for under its other names', async () => {
      await place.script('bin/clang++', `: > '${place.path('tfjs_binding.node')}'`);
      await compile();
      expect(existsSync(place.path('tfjs_binding.node'))).toBe(true);
    });

    test('that fails is told with its first error, and no other one is tried', async () => {
      await place.script(
        'bin/c++',
        'echo "In file included from tfjs_backend.cc:18:" >&2',
        'echo "tfjs_backend.h:23:10: fatal error: tensorflow/c/c_api.h: No such file or directory" >&2',
        'echo "compilation terminated." >&2',
        'exit 1',
      );
      await place.script('bin/g++', `: > '${place.path('tried')}'`);
      expect(await accountOf(compile())).toMatchObject({
        kind: 'environment',
        what: 'The binding to TensorFlow could not be compiled with c++: tfjs_backend.h:23:10: fatal error: tensorflow/c/c_api.h: No such file or directory.',
        remedy: expect.stringContaining('release of Loam'),
      });
      expect(existsSync(place.path('tried'))).toBe(false);
    });

    test('that is ended without a word, as where memory runs out, is told with how it ended', async () => {
      await place.script('bin/c++', 'kill -9 $$');
      expect((await accountOf(compile())).what).toBe(
        'The binding to TensorFlow could not be compiled with c++: it was ended by the signal SIGKILL.',
      );
      await place.script('bin/c++', 'exit 3');
      expect((await accountOf(compile())).what).toContain('it ended with exit code 3.');
      await chmod(place.path('bin/c++'), 0o644);
      expect((await accountOf(compile())).what).toContain('it cannot be run (EACCES).');
    });

    test('that is at work is ended when the person cancels', async () => {
      await place.script('bin/c++', `: > '${place.path('started')}'`, 'exec /bin/sleep 60');
      const stop = new AbortController();
      const ended = compile(stop.signal).catch((error: unknown) => error);
      await until(() => existsSync(place.path('started')));
      stop.abort();
      expect(await ended).toMatchObject({ name: 'AbortError' });
    });
  },
);
