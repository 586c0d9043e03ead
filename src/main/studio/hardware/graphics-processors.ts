import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { GraphicsProcessor } from '../../../shared/hardware/contract.ts';

/** How long a program may take to answer, in milliseconds: PowerShell takes a second or two to begin. */
const patience = 5000;

/**
 * The graphics processors that the operating system tells of. A list for a person to look at: whatever cannot be asked is
 * left out, and nothing here fails.
 */
export async function listGraphicsProcessors(): Promise<readonly GraphicsProcessor[]> {
  const nvidia = await askNvidia();
  const others = await askSystem();
  const known = others.filter(({ name }) => nvidia.length === 0 || !name.startsWith('NVIDIA'));
  return [...nvidia, ...known];
}

async function askNvidia(): Promise<readonly GraphicsProcessor[]> {
  return parseNvidiaList(
    await output('nvidia-smi', [
      '--query-gpu=name,memory.total,driver_version',
      '--format=csv,noheader,nounits',
    ]),
  );
}

async function askSystem(platform = process.platform): Promise<readonly GraphicsProcessor[]> {
  switch (platform) {
    case 'win32':
      return parseWindowsList(
        await output('powershell.exe', [
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          'ConvertTo-Json @(Get-CimInstance Win32_VideoController | Select-Object Name)',
        ]),
      );
    case 'darwin':
      return parseMacList(await output('system_profiler', ['SPDisplaysDataType', '-json']));
    default:
      return readLinuxCards('/sys/class/drm');
  }
}

/** What a program prints; nothing where it is not there, fails, or does not answer. */
async function output(program: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, words, { timeout: patience, windowsHide: true });
    return stdout;
  } catch {
    return '';
  }
}

const windowsListSchema = z.array(z.object({ Name: z.string() }));

/**
 * Reads Windows's list of video controllers, as PowerShell prints it. Its memory is left out: Windows tells of 4 GiB at most
 * (`Win32_VideoController.AdapterRAM` has 32 bits).
 */
export function parseWindowsList(text: string): readonly GraphicsProcessor[] {
  return parseList(windowsListSchema, text).map(({ Name }) => ({ name: Name }));
}

const macListSchema = z
  .object({ SPDisplaysDataType: z.array(z.object({ sppci_model: z.string() })) })
  .transform(({ SPDisplaysDataType }) => SPDisplaysDataType);

/** Reads the list of displays of macOS's system profiler. */
export function parseMacList(text: string): readonly GraphicsProcessor[] {
  return parseList(macListSchema, text).map(({ sppci_model }) => ({ name: sppci_model }));
}

function parseList<Item>(schema: z.ZodType<readonly Item[]>, text: string): readonly Item[] {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Reads what `nvidia-smi` prints: a line a processor, "name, MiB, driver". */
export function parseNvidiaList(text: string): readonly GraphicsProcessor[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((part) => part.trim()))
    .filter(([name]) => name !== undefined && name !== '')
    .map(([name = '', memory, driver]) => ({
      name: name.startsWith('NVIDIA') ? name : `NVIDIA ${name}`,
      ...(Number(memory) > 0 ? { memoryBytes: Number(memory) * 2 ** 20 } : {}),
      ...(driver === undefined || driver === '' ? {} : { driver }),
    }));
}

const makers: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x1af4': 'Virtio',
  '0x15ad': 'VMware',
  '0x1234': 'QEMU',
};

/** Reads Linux's list of graphics cards: `card0/device/vendor`, `…/device`, `…/mem_info_vram_total` (AMD). */
export async function readLinuxCards(folder: string): Promise<readonly GraphicsProcessor[]> {
  const names = await readdir(folder).catch(() => []);
  const cards = names.filter((name) => /^card\d+$/.test(name)).sort();
  const read = async (card: string, file: string): Promise<string | undefined> =>
    readFile(join(folder, card, 'device', file), 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    );
  const found = await Promise.all(
    cards.map(async (card): Promise<GraphicsProcessor | undefined> => {
      const vendor = await read(card, 'vendor');
      if (vendor === undefined) return undefined;
      const device = await read(card, 'device');
      const memory = Number(await read(card, 'mem_info_vram_total'));
      return {
        name: `${makers[vendor] ?? `Maker ${vendor}`} graphics${device === undefined ? '' : ` (${device})`}`,
        ...(memory > 0 ? { memoryBytes: memory } : {}),
      };
    }),
  );
  return found.filter((card) => card !== undefined);
}
