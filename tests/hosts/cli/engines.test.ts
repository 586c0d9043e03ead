import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeOffer, offersFor } from '../../../src/main/studio/engines/pack-offers.ts';
import { listGraphicsProcessors } from '../../../src/main/studio/hardware/graphics-processors.ts';
import { projectPaths } from '../../../src/main/studio/projects/paths.ts';
import { libraryHead, writeZip } from '../../studio/engines/archives.ts';
import { makePlace, type Ended, type Place } from './loam.ts';

let place: Place;
let engines: string;
beforeAll(async () => {
  place = await makePlace(1);
  engines = join(place.folder, 'home', 'engines');
});
afterEach(() => rm(engines, { recursive: true, force: true }));
afterAll(() => place.remove());

const engine = (...words: string[]): Promise<Ended> => place.call('engine', ...words);
const hasCard = (await listGraphicsProcessors()).some(({ name }) => name.startsWith('NVIDIA'));
const offers = offersFor(process.platform, process.arch);

/** One paragraph on standard error without a stack, and nothing that was made. */
async function expectRefusal(ended: Ended, code: number, words: string | RegExp): Promise<void> {
  expect(ended.stderr).toMatch(words);
  expect(ended.stderr).not.toMatch(/\bat .*\.ts:\d+/);
  expect(ended.code).toBe(code);
  expect(await readdir(engines).catch(() => [])).toEqual([]);
}

describe('loam engine list', () => {
  test('says what computes here, and what can be had, each offer in a sentence', async () => {
    const { code, stdout, stderr } = await engine('list');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/onnxruntime +ready +ONNX Runtime, on the processor/);
    expect(stdout).toMatch(/tensorflow +not installed +TensorFlow/);
    for (const offer of offers) expect(stdout).toContain(describeOffer(offer));
  });

  test('gives the same as JSON', async () => {
    const { code, stdout } = await engine('list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      engines: [
        { name: 'onnxruntime', state: 'ready' },
        { name: 'tensorflow', state: 'absent', folder: join(engines, 'tensorflow') },
      ],
      offers: JSON.parse(
        JSON.stringify(offers.map((offer) => ({ ...offer, description: describeOffer(offer) }))),
      ) as unknown,
    });
  });

  test('says of a pack that is not whole why, and what to do', async () => {
    await mkdir(join(engines, 'tensorflow', 'lib'), { recursive: true });
    await writeFile(join(engines, 'tensorflow', 'lib', 'libtensorflow_cc.so.2'), 'x'.repeat(2048));
    const { code, stdout } = await engine('list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/tensorflow +broken +TensorFlow: Its description, pack\.json, is missing\./);
    expect(stdout).toContain('Install it anew, or remove it.');
  });
});

describe('loam engine remove', () => {
  test('of what is not installed says that there is nothing to do', async () => {
    await expectRefusal(
      await engine('remove', 'tensorflow'),
      1,
      'is not installed. There is nothing to remove.',
    );
  });

  test('removes a pack, also one that is not whole, and says what is free now', async () => {
    const lay = async (): Promise<void> => {
      await mkdir(join(engines, 'tensorflow', 'lib'), { recursive: true });
      await writeFile(join(engines, 'tensorflow', 'lib', 'libtensorflow_cc.so.2'), 'x'.repeat(2048));
    };
    await lay();
    const told = await engine('remove', 'tensorflow');
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is removed; .* are free now\.\n$/),
    });
    expect(existsSync(join(engines, 'tensorflow'))).toBe(false);
    await lay();
    const asJson = await engine('remove', 'tensorflow', '--json');
    expect(JSON.parse(asJson.stdout)).toEqual({ freedBytes: 2048 });
    await mkdir(join(engines, '.tensorflow.partial-0123456789ab'), { recursive: true });
    await writeFile(join(engines, '.tensorflow.partial-0123456789ab', 'a.whl'), 'x'.repeat(2048));
    expect((await engine('remove', 'tensorflow')).stdout).toContain('an installation that was cut short');
  });

  test('of another engine is misuse: ONNX Runtime comes along', async () => {
    await expectRefusal(await engine('remove', 'onnxruntime'), 2, 'Name tensorflow.');
  });
});

describe('loam engine install', () => {
  test.runIf(offers.some(({ way }) => way === 'pip'))(
    'says first what it fetches, and asks; without a terminal the answer is to be given beforehand, with the same words',
    async () => {
      const asked = await engine('install', 'tensorflow');
      expect(asked.stdout).toContain(describeOffer(offers[0]!));
      await expectRefusal(asked, 2, /Answer beforehand: loam engine install tensorflow --yes\n$/);
      await expectRefusal(
        await engine('install', 'tensorflow', '--python', 'my python'),
        2,
        /loam engine install tensorflow --python "my python" --yes\n$/,
      );
    },
  );

  test.skipIf(hasCard)(
    'for a card is refused before anything is asked where there is none (not run: there is one here)',
    async () => {
      const { stdout, ...ended } = await engine('install', 'tensorflow', '--gpu');
      await expectRefusal({ stdout, ...ended }, 1, /and none was found here/);
      expect(stdout).toBe('');
    },
  );

  test('from a file does not go with words for fetching', async () => {
    for (const words of [['--gpu'], ['--download'], ['--python', 'python3']])
      await expectRefusal(
        await engine('install', 'tensorflow', '--from', 'x.whl', ...words),
        2,
        `--from and ${words[0]!} do not go together`,
      );
  });

  test.runIf(offers.some(({ way }) => way === 'pip'))(
    'keeps what it says apart from what it gives, for whoever reads JSON',
    async () => {
      const asked = await engine('install', 'tensorflow', '--json');
      expect(asked.stdout).toBe('');
      await expectRefusal(asked, 2, '--yes');
      expect(asked.stderr).toContain(describeOffer(offers[0]!));
    },
  );

  test.runIf(offers.some(({ way }) => way === 'pip'))('without Python says what can be done', async () => {
    await expectRefusal(
      await engine('install', 'tensorflow', '--yes', '--python', join(place.folder, 'no-python')),
      1,
      /There is no Python with pip here \(tried: .*no-python\)\. .*give the file/,
    );
  });

  test('of an engine that there is not is misuse', async () => {
    await expectRefusal(
      await engine('install', 'jax'),
      2,
      'jax: There is no such engine to install or remove.',
    );
  });

  test('of a file that is not there, or for another system says so and leaves nothing', async () => {
    const missing = join(place.folder, 'nowhere.whl');
    await expectRefusal(
      await engine('install', 'tensorflow', '--from', missing),
      1,
      `${missing}: There is no such file.`,
    );
    const elsewhere = await writeZip(join(place.folder, 'elsewhere.whl'), {
      'tensorflow/libtensorflow_cc.so.2': libraryHead('linux', 'riscv64'),
    });
    await expectRefusal(
      await engine('install', 'tensorflow', '--from', elsewhere),
      1,
      `Get TensorFlow for ${process.platform} on ${process.arch}.`,
    );
  });

  test('of a library that cannot be loaded says that the test was not passed, and leaves nothing', async () => {
    const head = libraryHead(process.platform, process.arch);
    const wheel = await writeZip(join(place.folder, 'made-up.whl'), {
      'tensorflow/libtensorflow_cc.so.2': head,
      'napi-v8/tfjs_binding.node': head,
    });
    const ended = await engine('install', 'tensorflow', '--from', wheel);
    await expectRefusal(ended, 1, /The engine did not pass its test\. .*TensorFlow cannot be loaded/);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

test('training on TensorFlow without its pack is refused before anything begins', async () => {
  await place.call('init', place.project);
  await place.call('dataset', 'import', 'records', place.text, '--project', place.project);
  await expectRefusal(
    await place.call(
      'train',
      '--dataset',
      'records',
      '--preset',
      'nano',
      '--engine',
      'tensorflow',
      '--project',
      place.project,
    ),
    1,
    'The TensorFlow engine is not installed. Install it',
  );
  const runs = dirname(projectPaths(place.project).run('any'));
  expect(await readdir(runs).catch(() => [])).toEqual([]);
});
