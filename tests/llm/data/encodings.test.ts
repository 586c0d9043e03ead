import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectTextFile } from '../../../src/main/llm/data/file-inspection.ts';
import { decodeFile } from '../../../src/main/llm/data/text-decoding.ts';

/** Encoded by Python; see make_encodings.py beside it. */
const { readable, unknown } = JSON.parse(
  readFileSync(new URL('../../fixtures/encodings/encodings.json', import.meta.url), 'utf8'),
) as {
  readonly readable: readonly { readonly encoding: string; readonly text: string; readonly bytes: string }[];
  readonly unknown: readonly { readonly codec: string; readonly bytes: string }[];
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-encodings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function readText(bytes: Uint8Array, encoding?: string): Promise<string> {
  const path = join(folder, 'text.txt');
  await writeFile(path, bytes);
  const found = await inspectTextFile(path, 'text.txt', { encoding });
  let text = '';
  for await (const piece of decodeFile(path, 'text.txt', found.encoding)) text += piece;
  return text;
}

test.each(readable)('Text in $encoding is read as Python wrote it', async ({ text, bytes }) => {
  expect(await readText(Buffer.from(bytes, 'base64'))).toBe(text);
});

test.each(unknown)('Text in $codec is refused rather than read in another alphabet', async ({ bytes }) => {
  await expect(readText(Buffer.from(bytes, 'base64'))).rejects.toThrow('Choose its encoding');
});

test('An encoding that somebody names is used, and must fit', async () => {
  const utf16 = Buffer.from('水曜日に橋を点検しました。', 'utf16le');
  expect(await readText(utf16, 'utf-16le')).toBe('水曜日に橋を点検しました。');
  await expect(readText(Uint8Array.of(0x81, 0x20), 'shift_jis')).rejects.toThrow('offset');
});
