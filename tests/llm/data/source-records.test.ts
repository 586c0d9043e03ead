import { describe, expect, test } from 'vitest';
import type { SourceReading } from '../../../src/shared/datasets/dataset.ts';
import type { BadRecord, SourceRecord } from '../../../src/main/llm/data/record.ts';
import { recordsOfText } from '../../../src/main/llm/data/source-records.ts';
import { formatOfName, guessDelimiter } from '../../../src/main/llm/data/source-format.ts';

async function read(
  text: string,
  reading: SourceReading,
  onBad?: (bad: BadRecord) => void,
): Promise<readonly SourceRecord[]> {
  const pieces = (async function* () {
    yield text;
  })();
  const records: SourceRecord[] = [];
  for await (const batch of recordsOfText(
    pieces,
    { name: 'file', reading },
    onBad === undefined ? {} : { onBad },
  ))
    records.push(...batch);
  return records;
}

const contents = async (text: string, reading: SourceReading) =>
  (await read(text, reading)).map(({ content }) =>
    typeof content === 'string' ? content : Object.fromEntries(content),
  );

describe('Records', () => {
  test('of a table have its columns; names that are missing or there twice are told apart', async () => {
    expect(await contents('id,,id,\n1,x,2,\n3\n', { format: 'csv' })).toEqual([
      { id: '1', 'column 2': 'x', 'id (2)': '2' },
      { id: '3', 'column 2': '', 'id (2)': '' },
    ]);
  });

  test('of JSON Lines and of a JSON list are objects or texts; other values become text', async () => {
    const objects = [{ text: 'a', number: 1, none: null, list: [1, { x: 2 }], yes: true }, 'plain'];
    const expected = [{ text: 'a', number: '1', none: '', list: '[1,{"x":2}]', yes: 'true' }, 'plain'];
    const lines = objects.map((each) => JSON.stringify(each)).join('\n\n');
    expect(await contents(lines, { format: 'jsonl' })).toEqual(expected);
    expect(await contents(JSON.stringify(objects, null, 1), { format: 'json' })).toEqual(expected);
    expect(await contents('{"text": "alone"}', { format: 'json' })).toEqual([{ text: 'alone' }]);
  });

  test.each<[string, string, SourceReading, RegExp]>([
    ['a broken quote', 'a,b\n1,2\n3,"x" y\n', { format: 'csv' }, /file, row 2 \(line 3, column 3\)/],
    [
      'a row of too many values',
      'a,b\n1,2,3\n',
      { format: 'csv' },
      /file, row 1 \(line 2\): The row has 3 values/,
    ],
    [
      'a line that is no JSON',
      '{"a":1}\n{"a"\n',
      { format: 'jsonl' },
      /file, line 2: The line is no valid JSON/,
    ],
    [
      'a line that is a number',
      '{"a":1}\n\n7\n',
      { format: 'jsonl' },
      /file, line 3: The line holds no object/,
    ],
    ['an element that is no JSON', '[{"a":1},\n{"a" 2}]', { format: 'json' }, /file, element 2 \(line 2\)/],
    ['a list that is cut off', '[{"a":1},', { format: 'json' }, /not closed/],
  ])('with %s are refused with its place, or given without it', async (_, text, reading, message) => {
    await expect(read(text, reading)).rejects.toThrow(message);
    const bad: BadRecord[] = [];
    const rest = await read(text, reading, (each) => bad.push(each));
    expect(bad).toHaveLength(1);
    expect(`${bad[0]?.where}: ${bad[0]?.what}`).toMatch(message);
    expect(rest.length).toBe(reading.format === 'csv' && text.includes('1,2,3') ? 0 : 1);
  });

  test('keep the numbers that they have in the file when one before them is left out', async () => {
    const places = (await read('a\n1\n"x"y\n3\n', { format: 'csv' }, () => undefined)).map(
      ({ place }) => place,
    );
    expect(places).toEqual([1, 3]);
  });
});

test('How a file is read is told by the ending of its name', () => {
  expect(['a.csv', 'b.TSV', 'c.json', 'd.ndjson', 'e.md', 'f', 'g.log'].map(formatOfName)).toEqual([
    'csv',
    'tsv',
    'json',
    'jsonl',
    'text',
    'text',
    'text',
  ]);
});

test.each([
  ['a;b;c\n1;"2,3";4\n', ';'],
  ['a|b\n1|2\n', '|'],
  ['a\tb\n1\t2\n', '\t'],
  ['only one column\nwith text\n', ','],
])('The delimiter of %j is found by its first lines', (text, delimiter) => {
  expect(guessDelimiter(text, 'csv')).toBe(delimiter);
});
