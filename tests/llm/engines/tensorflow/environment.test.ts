import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareEnvironment } from '../../../../src/main/llm/engines/tensorflow/environment.ts';

beforeEach(() => {
  for (const name of ['CUDA_VISIBLE_DEVICES', 'NVIDIA_TF32_OVERRIDE', 'TF_FORCE_GPU_ALLOW_GROWTH'])
    vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

test('TensorFlow is told how many threads it has, to compute in whole float32, and to take of one card what it needs', () => {
  prepareEnvironment(3);
  expect(process.env).toMatchObject({
    TF_NUM_INTRAOP_THREADS: '3',
    NVIDIA_TF32_OVERRIDE: '0',
    CUDA_VISIBLE_DEVICES: '0',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  });
});

test('a person may choose another card, and not that products are rounded', () => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '1');
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1');
  prepareEnvironment(1);
  expect(process.env).toMatchObject({ CUDA_VISIBLE_DEVICES: '1', NVIDIA_TF32_OVERRIDE: '0' });
});
