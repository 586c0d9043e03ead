import { mkdir, readFile, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { offersFor } from '../../../src/main/studio/engines/pack-offers.ts';
import {
  placeInPack,
  unpackLibraries,
  type UnpackedLibraries,
} from '../../../src/main/studio/engines/unpack-libraries.ts';
import { halve, libraryHead, ownLibrary, writeTarGz, writeZip, type Files } from './archives.ts';
import { accountOf, makeEnginePlace, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
let folder: string;
beforeEach(async () => {
  place = await makeEnginePlace();
  folder = place.path('pack');
  await mkdir(folder);
});
afterEach(() => place.remove());

/** What a wheel of TensorFlow 2.15 holds, beside much that is not needed. */
const wheelFiles: Files = {
  'tensorflow/__init__.py': 'import os',
  'tensorflow/libtensorflow_cc.so.2': ownLibrary('the rest'),
  'tensorflow/libtensorflow_framework.so.2': ownLibrary('the framework'),
  'tensorflow/python/_pywrap_tensorflow_internal.so': ownLibrary('for Python'),
  'tensorflow/include/tensorflow/c/c_api.h': '// c_api',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '// eager',
  'tensorflow/include/tensorflow/core/kernels/matmul_op.h': '// a kernel',
  'tensorflow/include/tsl/platform/status.h': '// status',
  'tensorflow/include/external/libtensorflow.so': 'no library, but below include',
};
const writeWheel = (name = 'tensorflow_cpu-made-up.whl', files = wheelFiles): Promise<string> =>
  writeZip(place.path(name), files);

const unpack = (...paths: string[]): Promise<UnpackedLibraries> => unpackLibraries(paths, folder);
const inFolder = async (name: string): Promise<string[]> => (await readdir(join(folder, name))).toSorted();

describe('a wheel', () => {
  test('gives TensorFlow’s libraries, each after those that it needs, and the headers of its C interface', async () => {
    expect(await unpack(await writeWheel())).toEqual({
      libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
      binding: undefined,
      device: 'cpu',
      source: 'tensorflow_cpu-made-up.whl',
      unknown: ['tensorflow_cpu-made-up.whl'],
    });
    expect(await inFolder('lib')).toEqual(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
    expect(await readFile(join(folder, 'lib/libtensorflow_cc.so.2'))).toEqual(
      Buffer.from(ownLibrary('the rest')),
    );
    expect(await readFile(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('// c_api');
    expect(existsSync(join(folder, 'include/tensorflow/c/eager/c_api.h'))).toBe(true);
    expect(existsSync(join(folder, 'include/tsl/platform/status.h'))).toBe(true);
    expect(existsSync(join(folder, 'include/tensorflow/core/kernels'))).toBe(false);
  });

  test('together with CUDA’s is for a card: CUDA’s libraries come first, in the order in which they need each other', async () => {
    const cuda = (name: string, ...libraries: string[]): Promise<string> =>
      writeZip(
        place.path('house', `nvidia_${name}.whl`),
        Object.fromEntries(
          libraries.map((library) => [`nvidia/${name}/lib/${library}`, ownLibrary(library)]),
        ),
      );
    await mkdir(place.path('house'));
    await cuda('cublas', 'libcublas.so.12', 'libcublasLt.so.12', 'libnvblas.so.12');
    await cuda(
      'cudnn',
      'libcudnn.so.8',
      'libcudnn_adv_infer.so.8',
      'libcudnn_cnn_infer.so.8',
      'libcudnn_ops_infer.so.8',
    );
    await cuda('cusolver', 'libcusolver.so.11', 'libcusolverMg.so.11');
    await cuda('cusparse', 'libcusparse.so.12');
    await cuda('nvjitlink', 'libnvJitLink.so.12');
    await cuda('cuda_runtime', 'libcudart.so.12');
    await cuda('nccl', 'libnccl.so.2');
    await writeZip(place.path('house', 'tensorflow.whl'), wheelFiles);
    await place.write('house/notes.txt', 'not an archive');
    // A folder of downloads holds much else, of which some is broken or has libraries of its own.
    await place.write('house/holiday.zip', 'half a download');
    await writeZip(place.path('house', 'other-1.0-py3-none-any.whl'), {
      'lib/libtensorflow.so.2': ownLibrary('of somebody else'),
    });
    const unpacked = await unpack(place.path('house'));
    expect(unpacked.device).toBe('gpu');
    expect(unpacked.libraries).toEqual([
      'libcudart.so.12',
      'libnvJitLink.so.12',
      'libcublasLt.so.12',
      'libcublas.so.12',
      'libcusparse.so.12',
      'libcusolver.so.11',
      'libcudnn_ops_infer.so.8',
      'libcudnn_cnn_infer.so.8',
      'libcudnn_adv_infer.so.8',
      'libcudnn.so.8',
      'libnccl.so.2',
      'libtensorflow_framework.so.2',
      'libtensorflow_cc.so.2',
    ]);
    expect((await inFolder('lib')).length).toBe(unpacked.libraries.length);
  });

  test('with a binding in it brings that along', async () => {
    const archive = await writeZip(place.path('windows.zip'), {
      'lib/tensorflow.dll': ownLibrary('all of it'),
      'napi-v8/tfjs_binding.node': ownLibrary('the binding'),
    });
    expect(await unpack(archive)).toMatchObject({
      libraries: ['tensorflow.dll'],
      binding: 'tfjs_binding.node',
    });
  });

  test('whose download broke in its middle is no whole archive', async () => {
    const wheel = await writeWheel();
    await halve(wheel);
    expect(await accountOf(unpack(wheel))).toMatchObject({
      kind: 'input',
      where: wheel,
      what: expect.stringContaining('This is no whole archive'),
    });
  });

  test('with one bit that is not as it was packed is no whole archive', async () => {
    const wheel = await writeZip(place.path('harmed.whl'), wheelFiles, false);
    const bytes = await readFile(wheel);
    const at = bytes.indexOf('the rest');
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(wheel, bytes);
    expect((await accountOf(unpack(wheel))).what).toBe(
      'This is no whole archive: its file tensorflow/libtensorflow_cc.so.2 has another checksum.',
    );
  });
});

describe('an archive of libtensorflow', () => {
  const writeLibtensorflow = (): Promise<string> =>
    writeTarGz(
      place.path('libtensorflow-cpu-2.9.1.tar.gz'),
      {
        './include/tensorflow/c/c_api.h': '// c_api',
        './lib/libtensorflow.so.2.9.1': ownLibrary('all of it'),
        './lib/libtensorflow_framework.so.2.9.1': ownLibrary('the framework'),
        './LICENSE': 'Apache',
      },
      {
        './lib/libtensorflow.so': 'libtensorflow.so.2',
        './lib/libtensorflow.so.2': 'libtensorflow.so.2.9.1',
        './lib/libtensorflow_framework.so': 'libtensorflow_framework.so.2',
        './lib/libtensorflow_framework.so.2': 'libtensorflow_framework.so.2.9.1',
      },
    );

  test('gives each library under the name by which others ask for it, once', async () => {
    expect(await unpack(await writeLibtensorflow())).toMatchObject({
      libraries: ['libtensorflow_framework.so.2', 'libtensorflow.so.2'],
      device: 'cpu',
    });
    expect(await inFolder('lib')).toEqual(['libtensorflow.so.2', 'libtensorflow_framework.so.2']);
    expect(await readFile(join(folder, 'lib/libtensorflow.so.2'))).toEqual(
      Buffer.from(ownLibrary('all of it')),
    );
    expect(await readFile(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('// c_api');
  });

  test('of macOS keeps its way of numbering', async () => {
    const archive = await writeTarGz(
      place.path('mac.tar.gz'),
      { 'lib/libtensorflow.2.9.1.dylib': ownLibrary('all of it') },
      {
        'lib/libtensorflow.dylib': 'libtensorflow.2.dylib',
        'lib/libtensorflow.2.dylib': 'libtensorflow.2.9.1.dylib',
      },
    );
    expect((await unpack(archive)).libraries).toEqual(['libtensorflow.2.dylib']);
  });

  test('whose download broke in its middle is no whole archive', async () => {
    const archive = await writeLibtensorflow();
    await halve(archive);
    expect(await accountOf(unpack(archive))).toMatchObject({
      kind: 'input',
      where: archive,
      what: expect.stringContaining('This is no whole archive'),
    });
  });
});

describe('what cannot be used is refused in words', () => {
  test('two TensorFlows, since one would be written over the other', async () => {
    await mkdir(place.path('both'));
    await writeWheel('both/tensorflow-2.15.1.whl');
    await writeTarGz(place.path('both', 'libtensorflow-cpu.tar.gz'), {
      'lib/libtensorflow.so.2': ownLibrary('all of it'),
    });
    expect(await accountOf(unpack(place.path('both')))).toMatchObject({
      kind: 'input',
      where: 'libtensorflow-cpu.tar.gz, tensorflow-2.15.1.whl',
      what: expect.stringContaining('holds a TensorFlow'),
    });
  });

  test('a file that is not there', async () => {
    expect(await accountOf(unpack(place.path('nowhere.whl')))).toMatchObject({
      kind: 'input',
      where: place.path('nowhere.whl'),
      what: 'There is no such file.',
    });
  });

  test('a file that is no archive by its name, and one that is none by its content', async () => {
    expect((await accountOf(unpack(await place.write('tensorflow.rpm', 'x')))).what).toContain(
      'neither a wheel (.whl) nor an archive',
    );
    for (const name of ['page.whl', 'page.tar.gz'])
      expect((await accountOf(unpack(await place.write(name, '<html>Sign in first</html>')))).what).toContain(
        'This is no whole archive',
      );
  });

  test('a wheel of something else, and a folder without any', async () => {
    const numpy = await writeWheel('numpy-2.0.whl', { 'numpy/__init__.py': '' });
    expect(await accountOf(unpack(numpy))).toMatchObject({
      kind: 'input',
      where: 'numpy-2.0.whl',
      what: 'There is no library of TensorFlow in it.',
    });
    await mkdir(place.path('empty'));
    expect(await accountOf(unpack(place.path('empty')))).toMatchObject({
      where: place.path('empty'),
      what: 'There is no library of TensorFlow in it.',
    });
  });

  test('the framework alone, which is not TensorFlow', async () => {
    const wheel = await writeWheel('half.whl', {
      'tensorflow/libtensorflow_framework.so.2': ownLibrary('the framework'),
    });
    expect((await accountOf(unpack(wheel))).what).toBe('There is no library of TensorFlow in it.');
  });

  test.each<readonly [string, string, string]>([
    ['linux', process.arch === 'arm64' ? 'x64' : 'arm64', 'libtensorflow_cc.so.2'],
    [
      'darwin',
      process.platform === 'darwin' && process.arch === 'x64' ? 'arm64' : 'x64',
      'libtensorflow.2.dylib',
    ],
    ...(process.platform === 'win32' ? [] : [['win32', 'x64', 'tensorflow.dll'] as const]),
  ])('TensorFlow for %s on %s', async (platform, architecture, library) => {
    const wheel = await writeWheel('tensorflow-elsewhere.whl', {
      [`tensorflow/${library}`]: libraryHead(platform, architecture),
    });
    expect(await accountOf(unpack(wheel))).toMatchObject({
      kind: 'input',
      where: 'tensorflow-elsewhere.whl',
      what: `It is for ${platform} on ${architecture}, and this is ${process.platform} on ${process.arch}.`,
    });
  });

  test('a wheel that Loam knows by its name, with other content: half of it, and as long as it', async () => {
    const known = offersFor('linux', 'x64')
      .flatMap((offer) => (offer.way === 'pip' ? offer.wheels : []))
      .toSorted((a, b) => a.bytes - b.bytes)[0]!;
    const wheel = await writeWheel(known.name);
    expect(await accountOf(unpack(wheel))).toMatchObject({
      kind: 'input',
      where: wheel,
      what: expect.stringMatching(/^The file is not whole: [\d,]+ of 845,802 bytes\.$/),
      remedy: 'Download it again.',
    });
    await truncate(wheel, known.bytes);
    expect((await accountOf(unpack(wheel))).what).toBe(
      'The file is not the one that its name says: its SHA-256 is another.',
    );
    expect(existsSync(join(folder, 'lib'))).toBe(false);
  });
});

describe('no archive writes outside of the folder', () => {
  const header = 'include/tensorflow/c/../../../../escaped.h';

  test('not a wheel', async () => {
    const wheel = await writeWheel('evil.whl', {
      ...wheelFiles,
      [header]: '// out',
      '../libtensorflow.so': '',
    });
    expect((await accountOf(unpack(wheel))).what).toContain('This is no whole archive');
    expect((await readdir(place.folder)).toSorted()).toEqual(['evil.whl', 'pack']);
  });

  test('not an archive of libtensorflow', async () => {
    const archive = await writeTarGz(place.path('evil.tar.gz'), {
      'lib/libtensorflow.so.2': ownLibrary('all of it'),
      [header]: '// out',
    });
    const { what } = await accountOf(unpack(archive));
    expect(what).toContain(header);
    expect((await readdir(place.folder)).toSorted()).toEqual(['evil.tar.gz', 'pack']);
  });

  test('not by a link to a place outside: a link is a name, and never followed', async () => {
    await mkdir(place.path('outside'));
    const archive = await writeTarGz(
      place.path('evil.tar.gz'),
      { 'lib/libtensorflow.so.2': ownLibrary('all of it') },
      { 'lib/libtensorflow_framework.so': place.path('outside', 'x'), lib: place.path('outside') },
    );
    expect(await unpack(archive)).toMatchObject({ libraries: ['libtensorflow.so.2'] });
    expect(await readdir(place.path('outside'))).toEqual([]);
  });
});

describe('an unpacking that is cancelled', () => {
  /** Large enough that it is under way when it is cancelled: what does not compress takes longest. */
  const large: Files = {
    'tensorflow/libtensorflow_framework.so.2': ownLibrary('the framework'),
    'tensorflow/libtensorflow_cc.so.2': Buffer.concat([
      ownLibrary(''),
      Buffer.from(Uint32Array.from({ length: 4_000_000 }, (_, index) => (index * 2654435761) >>> 0).buffer),
    ]),
  };

  test.each([
    ['of a wheel', (files: Files) => writeZip(place.path('large.whl'), files)],
    ['of an archive', (files: Files) => writeTarGz(place.path('large.tar.gz'), files)],
  ])('%s stops at once, and is no fault of the archive', async (_, write) => {
    const archive = await write(large);
    const stop = new AbortController();
    const unpacking = unpackLibraries([archive], folder, stop.signal);
    const ended = unpacking.then(
      () => 'it came to its end',
      (error: unknown) => error,
    );
    while (!existsSync(join(folder, 'lib/libtensorflow_cc.so.2')))
      await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await ended).toMatchObject({ name: 'AbortError' });
  });

  test('before it began unpacks nothing', async () => {
    for (const archive of [
      await writeWheel(),
      await writeTarGz(place.path('x.tar.gz'), { 'lib/libtensorflow.so': ownLibrary('') }),
    ])
      await expect(unpackLibraries([archive], folder, AbortSignal.abort())).rejects.toMatchObject({
        name: 'AbortError',
      });
    expect(existsSync(join(folder, 'lib/libtensorflow_cc.so.2'))).toBe(false);
  });
});

test.runIf(process.platform === 'linux').each([
  ['wheel', () => writeWheel(), 'libtensorflow_cc.so.2'],
  [
    'archive',
    () => writeTarGz(place.path('x.tar.gz'), { 'lib/libtensorflow.so.2': ownLibrary('x') }),
    'libtensorflow.so.2',
  ],
])(
  'where what the %s holds does not fit on the disk, it is said that the disk is full',
  async (_, write, library) => {
    await mkdir(join(folder, 'lib'));
    await symlink('/dev/full', join(folder, 'lib', library));
    expect(await accountOf(unpack(await write()))).toMatchObject({
      kind: 'environment',
      what: 'The disk is full.',
    });
  },
);

test('only what an engine needs has a place in a pack', () => {
  expect(placeInPack('tensorflow/libtensorflow_cc.so.2')).toBe('lib/libtensorflow_cc.so.2');
  expect(placeInPack('lib/libtensorflow.2.9.1.dylib')).toBe('lib/libtensorflow.2.9.1.dylib');
  expect(placeInPack('nvidia/cudnn/lib/libcudnn.so.8')).toBe('lib/libcudnn.so.8');
  expect(placeInPack('nvidia/cuda_nvcc/bin/ptxas')).toBeUndefined();
  expect(placeInPack('nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12')).toBeUndefined();
  expect(placeInPack('tensorflow/include/tsl/c/tsl_status.h')).toBe('include/tsl/c/tsl_status.h');
  expect(placeInPack('tensorflow/include/tensorflow/tsl/c/tsl_status.h')).toBe(
    'include/tensorflow/tsl/c/tsl_status.h',
  );
  expect(placeInPack('tensorflow/include/xla/service/hlo.h')).toBeUndefined();
  expect(placeInPack('tensorflow/lite/libtensorflowlite.so')).toBeUndefined();
  expect(placeInPack('x/libtensorflow.so.debug/notes.txt')).toBeUndefined();
  expect(placeInPack('x/libtensorflow.so.txt')).toBeUndefined();
});
