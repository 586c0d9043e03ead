import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  listGraphicsProcessors,
  parseNvidiaList,
  readLinuxCards,
} from '../../../src/main/studio/hardware/graphics-processors.ts';
import { describeMachine } from '../../../src/main/studio/hardware/machine.ts';
import { machineSchema } from '../../../src/shared/hardware/contract.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-hardware-'));
  vi.stubEnv('LOAM_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('the machine is described as the contract says', async () => {
  const machine = machineSchema.parse(await describeMachine());
  expect(machine.cores).toBe(availableParallelism());
  expect(machine.freeMemoryBytes).toBeLessThan(machine.memoryBytes);
  expect(machine.disk?.freeBytes).toBeGreaterThan(0);
});

test('what nvidia-smi prints is read, a line a processor', () => {
  expect(parseNvidiaList('NVIDIA GeForce RTX 4090, 24564, 550.54.14\nTesla T4, [N/A], 535.1\n')).toEqual([
    { name: 'NVIDIA GeForce RTX 4090', memoryBytes: 24564 * 2 ** 20, driver: '550.54.14' },
    { name: 'NVIDIA Tesla T4', driver: '535.1' },
  ]);
  expect(parseNvidiaList('')).toEqual([]);
});

test('Linux’s cards are read with their makers, connectors and cards without a device left out', async () => {
  const card = async (name: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await mkdir(join(folder, name, 'device'), { recursive: true });
    for (const [file, text] of Object.entries(files))
      await writeFile(join(folder, name, 'device', file), text);
  };
  await card('card0', { vendor: '0x1002\n', device: '0x744c\n', mem_info_vram_total: '25753026560\n' });
  await card('card1', { vendor: '0x8086\n', device: '0x9a49\n' });
  await card('card1-HDMI-A-1', { vendor: '0x8086\n' });
  await card('card2', {});
  expect(await readLinuxCards(folder)).toEqual([
    { name: 'AMD graphics (0x744c)', memoryBytes: 25753026560 },
    { name: 'Intel graphics (0x9a49)' },
  ]);
});

test('where nothing can be asked the list is empty', async () => {
  vi.stubEnv('PATH', folder);
  expect(await readLinuxCards(join(folder, 'missing'))).toEqual([]);
  await expect(listGraphicsProcessors()).resolves.toBeInstanceOf(Array);
});
