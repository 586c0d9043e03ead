import { describe, expect, test } from 'vitest';
import type { SourceReading } from '../../../src/shared/datasets/dataset.ts';
import type { BadRecord } from '../../../src/main/llm/data/record.ts';
import { guessDelimiter, guessHeadings, guessQuoting } from '../../../src/main/llm/data/source-format.ts';
import { recordsOfText } from '../../../src/main/llm/data/source-records.ts';
import { columnNames } from '../../../src/main/llm/data/table-records.ts';

async function read(text: string, reading: Partial<SourceReading> = {}) {
  const bad: BadRecord[] = [];
  const suspects: BadRecord[] = [];
  const rows: (readonly string[])[] = [];
  const pieces = async function* () {
    for (const character of text) yield character;
  };
  const reports = {
    onBad: (each: BadRecord) => bad.push(each),
    onSuspect: (each: BadRecord) => suspects.push(each),
  };
  for await (const batch of recordsOfText(
    pieces(),
    { name: 'file', reading: { format: 'csv', rules: 2, ...reading } },
    reports,
  ))
    for (const { content } of batch) if (typeof content !== 'string') rows.push([...content.values()]);
  return { rows, bad: bad.map(({ where }) => where), suspects: suspects.map(({ where }) => where) };
}

describe('A row', () => {
  test('with too few values is told like one with too many; what is empty behind the last column is nothing', async () => {
    expect(await read('no,remark\n1,whole\n2\n3,a,b\n4,,,\n')).toEqual({
      rows: [
        ['1', 'whole'],
        ['4', ''],
      ],
      bad: ['file, row 2 (line 3)', 'file, row 3 (line 4)'],
      suspects: [],
    });
  });

  test('was filled up under the first rules, and datasets of that time still read so', async () => {
    const { rows, bad } = await read('no,remark\n2\n3,"a\rb"\n4,c\r5,d', { rules: undefined });
    expect(rows).toEqual([
      ['2', ''],
      ['3', 'a\nb'],
      ['4', 'c'],
      ['5', 'd'],
    ]);
    expect(bad).toEqual([]);
  });

  test('ends at a line end of any system, but not at a carriage return within a value', async () => {
    expect((await read('no,remark\r\n1,first\rsecond\r\n2,"x\r\ny"\n3,"z"\r4,end\r\n')).rows).toEqual([
      ['1', 'first\nsecond'],
      ['2', 'x\ny'],
      ['3', 'z'],
      ['4', 'end'],
    ]);
    expect((await read('no,remark\r1,a\r2,b', { rowEnds: 'carriageReturn' })).rows).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });

  test('that an unclosed quote made of several looks suspicious; a value of several lines does not', async () => {
    const swallowed =
      'no,remark,state\n1,"good,open\n2,lost,shut\n3,bad",open\n4,"two\nlines, with a comma",open\n';
    expect((await read(swallowed)).suspects).toEqual(['file, row 1 (line 2)']);
  });
});

test('A line that tells spreadsheets the separator is no row', async () => {
  const text = 'sep=|\nno|remark\n1|The lamp, once out, stays out\n';
  expect(guessDelimiter(text, 'csv')).toBe('|');
  expect(guessHeadings(text, '|', 'quotes')).toBe(true);
  expect((await read(text, { delimiter: '|' })).rows).toEqual([['1', 'The lamp, once out, stays out']]);
  expect((await read('sep=,\nno,remark\n1,x\n', { delimiter: ',' })).rows).toEqual([['1', 'x']]);
});

test.each<[string, string, 'quotes' | 'none']>([
  ['inches', 'size\tname\n5"\tpipe\n"six"\tvalve\n', 'quotes'],
  ['a value that begins with a quote', 'no\tsaid\n1\t"Halt" he said\n2\tnothing\n', 'none'],
  ['a quote that is never closed', 'no\tsaid\n1\t"Halt\n2\tnothing\n3\t"\n', 'none'],
  [
    'values of several lines, as spreadsheets write them',
    'no\tsaid\n1\t"Halt\nand go"\n2\tnothing\n',
    'quotes',
  ],
])(
  'Whether quotes enclose the values of a table with tabs is told by its beginning: %s',
  (_, text, expected) => {
    expect(guessQuoting(text, '\t', 'tsv')).toBe(expected);
  },
);

test('Quotes that are ordinary characters stay in their values', async () => {
  const { rows } = await read('no\tsaid\n1\t"Halt" he said\n2\t"\n', {
    format: 'tsv',
    delimiter: '\t',
    quoting: 'none',
  });
  expect(rows).toEqual([
    ['1', '"Halt" he said'],
    ['2', '"'],
  ]);
});

test('Half a million columns are told at once', async () => {
  const names = Array.from({ length: 500_000 }, () => 'a').join(',');
  expect(columnNames(names.split(',')).at(-1)).toBe('a (500000)');
  const pieces = async function* () {
    yield `${names}\n${names}\n`;
  };
  const reading: SourceReading = { format: 'csv', rules: 2 };
  await expect(recordsOfText(pieces(), { name: 'wide.csv', reading }).next()).rejects.toThrow(
    'The first row has 500,000 values',
  );
});

test('A quote that is never closed in a large table is told once, and the rest is read', async () => {
  const pieces = async function* () {
    yield 'no,remark\n1,"open\n';
    for (let part = 0; part < 40; part++) yield '2,an ordinary row of a table\n'.repeat(10_000);
  };
  const bad: BadRecord[] = [];
  let rows = 0;
  for await (const batch of recordsOfText(
    pieces(),
    { name: 'file', reading: { format: 'csv', rules: 2 } },
    { onBad: (each) => bad.push(each) },
  ))
    rows += batch.length;
  expect([rows, bad.length]).toEqual([400_000, 1]);
}, 20_000);
