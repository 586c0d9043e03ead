import { readFile } from 'node:fs/promises';

/** What decides how fast a processor multiplies matrices, by Linux's names. */
const telling = [
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'avx_vnni',
  'amx_bf16',
  'amx_int8',
  'asimd',
  'asimddp',
  'bf16',
  'i8mm',
  'sve',
];

/** The instruction sets of the processor that speed up models, where the operating system tells of them (Linux). */
export async function listInstructionSets(file = '/proc/cpuinfo'): Promise<readonly string[]> {
  return instructionSetsIn(await readFile(file, 'utf8').catch(() => ''));
}

/** @param text of Linux's /proc/cpuinfo */
export function instructionSetsIn(text: string): readonly string[] {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '';
  const all = new Set(line.split(/\s+/));
  return telling.filter((name) => all.has(name));
}
