import { describe, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import {
  compareVersions,
  explainSelfTest,
  requireCard,
} from '../../../src/main/studio/engines/engine-faults.ts';

describe('versions', () => {
  test.each([
    ['525.60.13', '525.60.13', 0],
    ['525.60', '525.60.0', 0],
    ['525.60.2', '525.60.13', -1],
    ['470.199', '525.60.13', -1],
    ['525', '525.60.13', -1],
    ['1000.1', '525.60.13', 1],
    ['525.100.1', '525.60.13', 1],
  ])('%s beside %s are compared number by number', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
    expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
  });
});

describe('a pack for a card', () => {
  const refusal = (...parameters: Parameters<typeof requireCard>): LoamError => {
    try {
      requireCard(...parameters);
    } catch (error) {
      if (error instanceof LoamError) return error;
      throw error;
    }
    throw new Error('It was not refused.');
  };

  test('needs one of NVIDIA’s', () => {
    for (const cards of [[], [{ name: 'AMD graphics (0x744c)' }]])
      expect(refusal(cards, '525.60.13')).toMatchObject({
        kind: 'environment',
        what: expect.stringContaining('none was found here'),
        remedy: expect.stringContaining('nvidia-smi'),
      });
  });

  test('needs a driver that is new enough, and says which there is', () => {
    const card = { name: 'NVIDIA T4', driver: '470.199.02' };
    expect(refusal([{ name: 'Intel graphics' }, card], '525.60.13')).toMatchObject({
      kind: 'environment',
      where: 'NVIDIA T4',
      what: 'Its driver is version 470.199.02, and this pack needs 525.60.13 or newer.',
    });
  });

  test('is content with that driver or a newer one, and with any where none is asked for', () => {
    for (const driver of ['525.60.13', '550.54.14'])
      expect(() => requireCard([{ name: 'NVIDIA T4', driver }], '525.60.13')).not.toThrow();
    expect(() => requireCard([{ name: 'NVIDIA T4', driver: '1.0' }])).not.toThrow();
  });

  test('needs a driver at all: a card that only the system’s list shows cannot compute', () => {
    expect(refusal([{ name: 'NVIDIA graphics (0x1eb8)' }], '525.60.13')).toMatchObject({
      where: 'NVIDIA graphics (0x1eb8)',
      what: expect.stringContaining('NVIDIA’s driver is not installed'),
    });
  });
});

describe('what a self-test failed with is put into words', () => {
  test.each([
    ['The test of the engine process was ended unexpectedly, by the signal SIGILL.', 'AVX'],
    [
      'The TensorFlow library was compiled to use AVX instructions, but these aren’t available on your machine.',
      'AVX',
    ],
    ['CUDA driver version is insufficient for CUDA runtime version', 'driver of the card is too old'],
    [
      'failed call to cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver',
      'driver of the card is too old',
    ],
    [
      'TensorFlow cannot be loaded: libcudart.so.12: cannot open shared object file: No such file or directory.',
      'CUDA libraries',
    ],
    [
      'TensorFlow cannot be loaded: libnccl.so.2: cannot open shared object file: No such file or directory.',
      'CUDA libraries',
    ],
    ['Could not load dynamic library ‘libcudnn.so.8’', 'CUDA libraries'],
    ['/lib/libc.so.6: version `GLIBC_2.27’ not found (required by libtensorflow_cc.so.2)', 'newer C or C++'],
    ['/lib/libstdc++.so.6: version `GLIBCXX_3.4.29’ not found', 'newer C or C++'],
    ['tfjs_binding.node: undefined symbol: TFE_NewContext', 'do not fit together'],
    ['The test of the engine process was ended unexpectedly, by the signal SIGKILL.', 'not enough memory'],
    ['OOM when allocating tensor with shape[1024]', 'not enough memory'],
  ])('%s', (message, words) => {
    const cause = new Error(message);
    const explained = explainSelfTest(cause, 'gpu');
    expect(explained).toMatchObject({ kind: 'environment', cause });
    expect(explained.what).toContain(words);
    // What the library wrote is for the log, not for the person.
    expect(explained.message).not.toContain(message);
    expect(explained.remedy).toMatch(/\.$/);
  });

  test('what it said last before it ended counts where its end says nothing', () => {
    const ended = new LoamError(
      {
        kind: 'environment',
        what: 'It was ended unexpectedly, by the signal SIGABRT.',
        remedy: 'Try again.',
      },
      {
        cause: new Error(
          'F tensorflow/core/platform/cpu_feature_guard.cc:37] The TensorFlow library was compiled to use AVX2 instructions, but these aren’t available on your machine.',
        ),
      },
    );
    expect(explainSelfTest(ended, 'cpu').what).toContain('AVX');
  });

  test('how it ended counts more than what it said before', () => {
    const killed = new LoamError(
      {
        kind: 'environment',
        what: 'It was ended unexpectedly, by the signal SIGKILL.',
        remedy: 'Try again.',
      },
      { cause: new Error('Could not find cuda drivers on your machine, GPU will not be used.') },
    );
    expect(explainSelfTest(killed, 'gpu').what).toContain('not enough memory');
  });

  test('a pack for the processor that crashes is not told to want CUDA, which it only complains of', () => {
    const words = [
      'Could not find cuda drivers on your machine, GPU will not be used.',
      'F external/local_tsl/tsl/platform/threadpool.cc:99] Check failed: num_threads > 0',
      '',
    ].join('\n');
    const crashed = new LoamError(
      {
        kind: 'environment',
        what: 'It was ended unexpectedly, by the signal SIGABRT.',
        remedy: 'Try again.',
      },
      { cause: new Error(words) },
    );
    const { what } = explainSelfTest(crashed, 'cpu');
    expect(what).toBe(
      'The engine did not pass its test. It was ended unexpectedly, by the signal SIGABRT. The last that it wrote: “F external/local_tsl/tsl/platform/threadpool.cc:99] Check failed: num_threads > 0”.',
    );
    expect(explainSelfTest(crashed, 'gpu').what).toContain('CUDA libraries');
  });

  test('what nobody foresaw is told as it is, and not as a fault of something else', () => {
    expect(
      explainSelfTest(new Error('gradient.wte differs by 3.0e-1 from what it must be.'), 'cpu'),
    ).toMatchObject({
      what: 'The engine did not pass its test. gradient.wte differs by 3.0e-1 from what it must be.',
      remedy: expect.stringContaining('Nothing was installed.'),
    });
    expect(explainSelfTest('a text', 'cpu').what).toBe('The engine did not pass its test. a text');
  });

  test('an account of a fault keeps its own words, and not the advice for another occasion', () => {
    const account = new LoamError({
      kind: 'environment',
      where: '/folder/libtensorflow_cc.so.2',
      what: 'TensorFlow cannot be loaded: file too short.',
      remedy: 'Install the TensorFlow engine anew, or use the ONNX Runtime engine.',
    });
    const { what, remedy } = explainSelfTest(account, 'cpu');
    expect(what).toContain('/folder/libtensorflow_cc.so.2: TensorFlow cannot be loaded: file too short.');
    expect(`${what} ${remedy}`).not.toContain('anew');
  });
});
