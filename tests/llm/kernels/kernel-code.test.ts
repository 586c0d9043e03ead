import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { compileKernels, kernelModule } from '../../../scripts/build-kernels.ts';

it('the committed kernels are what their sources compile to', async () => {
  const committed = await readFile(
    new URL('../../../src/main/llm/kernels/kernel-code.ts', import.meta.url),
    'utf8',
  );
  expect(committed.replace(/\r\n/g, '\n')).toBe(kernelModule(await compileKernels()));
});
