import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  inspectTextFile,
  readDocuments,
  type ReadDocumentsOptions,
  type TextDocument,
} from '../../../src/main/llm/data/text-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function file(
  contents: string | Uint8Array,
  name = 'file.txt',
): Promise<{ path: string; name: string }> {
  const target = path.join(await temporaryFolder(), name);
  await writeFile(target, contents);
  return { path: target, name };
}

async function documentsOf(
  contents: string | Uint8Array,
  options?: ReadDocumentsOptions,
  name?: string,
): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text, index, continues } of readDocuments([await file(contents, name)], options)) {
    texts[index] = (texts[index] ?? '') + text;
    expect(continues === true || texts.length === index + 1).toBe(true);
  }
  return texts;
}

const inspected = async (contents: string | Uint8Array) =>
  inspectTextFile((await file(contents)).path, 'file.txt');

const english = 'The pump in the plant room was running hot. ';
// Bytes made by Python: text.encode(name).
const russian = 'Насос в машинном зале перегрелся, и техник остановил его до утра. ';
const windows1251 = Buffer.from(
  'cde0f1eef120e220ece0f8e8ededeeec20e7e0ebe520efe5f0e5e3f0e5ebf1ff2c20e820f2e5f5ede8ea20eef1f2e0edeee2e8eb20e5e3ee20e4ee20f3f2f0e02e20',
  'hex',
);
const japanese = 'ポンプが熱くなったので、技術者が朝まで止めました。';
const shiftJis = Buffer.from(
  '837c8393837682aa944d82ad82c882c182bd82cc82c581418b5a8f708ed282aa92a982dc82c58e7e82df82dc82b582bd8142',
  'hex',
);
const german = 'Die Tür im Erdgeschoß schließt nicht, der Antrieb läuft über. ';
const windows1252 = Buffer.from(german, 'latin1');
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('The encoding of a text file', () => {
  it('is UTF-8 when all of it is valid UTF-8, and the size and SHA-256 are those of the file', async () => {
    const bytes = Buffer.from('Grüße, 世界 🌍\n');
    expect(await inspected(bytes)).toEqual({
      encoding: 'utf-8',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('is found when a character lies across the chunks in which the file is read', async () => {
    for (const shift of [0, 1, 2, 3]) {
      const text = 'x'.repeat(2 ** 18 - shift) + '🌍' + 'ü'.repeat(2 ** 18);
      expect((await inspected(text)).encoding).toBe('utf-8');
      expect(await documentsOf(text)).toEqual([text]);
    }
  });

  it.each([
    ['utf-8', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(german)]), german],
    ['utf-16le', Buffer.concat([Buffer.of(0xff, 0xfe), utf16le(japanese)]), japanese],
    ['utf-16be', Buffer.concat([Buffer.of(0xfe, 0xff), utf16be(japanese)]), japanese],
  ])('is what a byte order mark says: %s', async (encoding, bytes, text) => {
    expect((await inspected(bytes)).encoding).toBe(encoding);
    expect(await documentsOf(bytes)).toEqual([text]);
  });

  it.each([
    ['utf-16le', utf16le(english.repeat(5))],
    ['utf-16be', utf16be(english.repeat(5))],
    ['utf-16le', utf16le(`${japanese}\n`.repeat(20))],
  ])('is UTF-16 without a mark when the NULs lie so: %s', async (encoding, bytes) => {
    expect((await inspected(bytes)).encoding).toBe(encoding);
  });

  it.each([
    ['windows-1251', Buffer.concat([windows1251, windows1251, windows1251]), russian.repeat(3)],
    ['shift_jis', Buffer.concat([shiftJis, shiftJis, shiftJis]), japanese.repeat(3)],
    ['windows-1252', Buffer.concat([windows1252, windows1252]), german.repeat(2)],
    [
      'windows-1252',
      Buffer.concat([Buffer.from(english.repeat(9000)), windows1252]),
      english.repeat(9000) + german,
    ],
  ])('is guessed from its letters when it is no UTF-8: %s', async (encoding, bytes, text) => {
    expect((await inspected(bytes)).encoding).toBe(encoding);
    expect((await documentsOf(bytes)).join('')).toBe(text);
  });
});

describe('A file that is no text is refused with what to do:', () => {
  it.each([
    ['an empty file', '', 'file.txt: The file is empty. Import a file that has text in it.'],
    ['a file of blanks', ' \r\n\t \n', 'The file holds nothing but blanks.'],
    ['a byte order mark and nothing else', '\uFEFF', 'The file holds nothing but blanks.'],
    ['a byte order mark and blanks', '\uFEFF \n', 'The file holds nothing but blanks.'],
    ['the mark of UTF-16 and nothing else', Buffer.of(0xff, 0xfe), 'The file holds nothing but blanks.'],
    [
      'a PDF',
      '%PDF-1.7\n1 0 obj',
      'This is a PDF document, not plain text (byte offset 0). Save it as plain text',
    ],
    [
      'a document in a ZIP',
      Buffer.concat([Buffer.from('PK\x03\x04'), deflateRawSync(english.repeat(9))]),
      'This is a Word, Excel',
    ],
    [
      'binary data',
      Buffer.concat([Buffer.from(english), Buffer.of(1, 2, 0, 3, 0, 0, 5, 0x80, 0, 0)]),
      'binary file, not text (byte offset 46)',
    ],
    [
      'control characters',
      Buffer.from(english + '\x01\x02\x03'.repeat(20)),
      'binary file, not text (byte offset 44)',
    ],
    ['UTF-32', Buffer.of(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0), 'The file is in UTF-32'],
    [
      'UTF-8 with a broken place',
      Buffer.concat([Buffer.from('Grüße aus Köln\n'.repeat(9)), Buffer.of(0xc3, 0x28), Buffer.from('ö')]),
      'The byte at offset 162 is no valid utf-8 text',
    ],
    [
      'UTF-8 cut off inside a character',
      Buffer.from('Grüße: 🌍').subarray(0, -1),
      'The byte at offset 9 is no valid utf-8 text',
    ],
    [
      'UTF-16 with half a surrogate pair',
      Buffer.concat([Buffer.of(0xff, 0xfe), utf16le('ab'), Buffer.of(0x00, 0xdc), utf16le('cd')]),
      /The byte at offset [67] is no valid utf-16le text/,
    ],
    [
      'UTF-16 cut off inside a unit',
      Buffer.concat([Buffer.of(0xff, 0xfe), utf16le('abc'), Buffer.of(0x64)]),
      'The byte at offset 8 is no valid utf-16le text',
    ],
    [
      'bytes of no known encoding',
      Buffer.from(Array.from({ length: 400 }, (_, place) => 0x80 + ((place * 37) % 128))),
      /byte at offset \d+|binary/,
    ],
  ])('%s', async (_, contents, message) => {
    await expect(inspected(contents)).rejects.toMatchObject({ name: 'LoamError', kind: 'input' });
    await expect(inspected(contents)).rejects.toThrow(message);
  });

  it('a path that does not exist, or is a folder', async () => {
    const folder = await temporaryFolder();
    await expect(inspectTextFile(path.join(folder, 'none.txt'))).rejects.toThrow(/no such file/);
    await expect(inspectTextFile(folder)).rejects.toThrow(/folder, not a file/);
  });

  it('a file that was inspected as one encoding and has changed since', async () => {
    const bytes = Buffer.concat([Buffer.from(english.repeat(7000)), Buffer.of(0xff), Buffer.from(english)]);
    const changed = { ...(await file(bytes)), encoding: 'utf-8' };
    const reading = async (): Promise<void> => {
      for await (const document of readDocuments([changed])) expect(document.index).toBe(0);
    };
    await expect(reading()).rejects.toThrow(
      `file.txt: The byte at offset ${english.length * 7000} is no valid utf-8 text`,
    );
  });
});

describe('Documents', () => {
  it('are whole files, numbered in the order given', async () => {
    const files = [await file('second.\n', 'b.txt'), await file('first.\n', 'a.md')];
    const found: TextDocument[] = [];
    for await (const document of readDocuments(files)) found.push(document);
    expect(found).toEqual([
      { text: 'second.\n', source: 'b.txt', index: 0, continues: false },
      { text: 'first.\n', source: 'a.md', index: 1, continues: false },
    ]);
  });

  it('have "\\n" for every line end', async () => {
    expect(await documentsOf('a\r\nb\rc\n\r\nd\r')).toEqual(['a\nb\nc\n\nd\n']);
    const text = `${'x'.repeat(2 ** 18 - 1)}\r\ny`;
    expect(await documentsOf(text)).toEqual([text.replace('\r', '')]);
  });

  it('end at a form feed and at a line that is <|endoftext|>, and blank ones are left out', async () => {
    expect(
      await documentsOf(
        'one\fone b\n<|endoftext|>\n\n <|endoftext|> \ntwo <|endoftext|> still\n<|endoftext|>',
      ),
    ).toEqual(['one', 'one b\n', 'two <|endoftext|> still\n']);
  });

  it('end at the separators that are asked for', async () => {
    expect(await documentsOf('one\n----\ntwo\fb\n-----\n', { separators: ['----'] })).toEqual([
      'one\n',
      'two\fb\n-----\n',
    ]);
    expect(await documentsOf('one\ftwo', { separators: [] })).toEqual(['one\ftwo']);
  });

  it('are the lines of a JSON Lines file', async () => {
    const lines = [{ text: 'one\r\nline' }, 'two', { text: ' ' }, { text: 'lone \ud800.', other: 1 }].map(
      (value) => JSON.stringify(value),
    );
    expect(await documentsOf(`${lines[0]}\n\n${lines.slice(1).join('\r\n')}`, {}, 'x.jsonl')).toEqual([
      'one\nline',
      'two',
      'lone \ufffd.',
    ]);
    expect(await documentsOf('{"text": "one"}', {}, 'x.JSONL')).toEqual(['one']);
  });

  it.each([
    ['{"text": "a"}\n\n{"text": "b"', /x\.jsonl, line 3: The line is no valid JSON/],
    [
      '{"text": "a"}\n{"texts": "b"}',
      /x\.jsonl, line 2: The field "text" is missing\. Did you mean its field "texts"\?/,
    ],
    ['{"text": "a"}\n{"n": 1, "m": 2}', /line 2: The field "text" is missing\. Its fields are: n, m\./],
    ['["a"]', /line 1: The line holds no object and no text/],
  ])('with a bad line are refused by its number: %s', async (contents, message) => {
    await expect(documentsOf(contents, {}, 'x.jsonl')).rejects.toThrow(message);
  });

  it('of lines whose text is a number or missing are its digits, or left out', async () => {
    expect(await documentsOf('{"text": 1.50}\n{"text": null}\n{"text": true}', {}, 'x.jsonl')).toEqual([
      '1.50',
      'true',
    ]);
  });
});
