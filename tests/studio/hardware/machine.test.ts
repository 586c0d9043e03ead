import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  listGraphicsProcessors,
  parseMacList,
  parseNvidiaList,
  parseWindowsList,
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

test('what Windows and macOS print of their graphics processors is read', () => {
  expect(
    parseWindowsList('[{"Name":"NVIDIA GeForce RTX 3060"},{"Name":"Intel(R) UHD Graphics 770"}]'),
  ).toEqual([{ name: 'NVIDIA GeForce RTX 3060' }, { name: 'Intel(R) UHD Graphics 770' }]);
  expect(
    parseMacList('{"SPDisplaysDataType":[{"_name":"Apple M2","sppci_cores":"10","sppci_model":"Apple M2"}]}'),
  ).toEqual([{ name: 'Apple M2' }]);
  for (const text of ['', 'Get-CimInstance : not recognized', '{"SPDisplaysDataType":{}}'])
    expect([...parseWindowsList(text), ...parseMacList(text)]).toEqual([]);
});

describe.skipIf(process.platform === 'win32')(
  'a driver (skipped on Windows: it needs a shell script)',
  () => {
    const smi = async (...lines: readonly string[]): Promise<void> => {
      await writeFile(join(folder, 'nvidia-smi'), ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 });
      vi.stubEnv('PATH', folder);
    };
    const nvidia = async (): Promise<readonly string[]> =>
      (await listGraphicsProcessors())
        .map(({ name }) => name)
        .filter((name) => name.startsWith('NVIDIA Tesla'));

    test('that answers is believed', async () => {
      await smi('echo "Tesla T4, 15360, 535.1"');
      expect(await nvidia()).toEqual(['NVIDIA Tesla T4']);
    });

    test('that fails, or is not there, is told of no card, and nothing fails', async () => {
      await smi('echo "Tesla T4, 15360, 535.1"', 'exit 9');
      expect(await nvidia()).toEqual([]);
      vi.stubEnv('PATH', join(folder, 'nowhere'));
      expect(await nvidia()).toEqual([]);
      expect(await readLinuxCards(join(folder, 'missing'))).toEqual([]);
    });
  },
);
