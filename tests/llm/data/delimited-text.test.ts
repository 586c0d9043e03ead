import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDelimitedParser, type DelimitedItem } from '../../../src/main/llm/data/delimited-text.ts';

interface Table {
  readonly text: string;
  readonly delimiter: string;
  readonly rows: readonly (readonly string[])[];
}

/** Read by Python's csv module; see make_tables.py beside it. */
const { tables, refused } = JSON.parse(
  readFileSync(new URL('../../fixtures/tables/tables.json', import.meta.url), 'utf8'),
) as {
  readonly tables: readonly Table[];
  readonly refused: readonly { readonly text: string; readonly error: string }[];
};

function parse(text: string, delimiter = ',', chunk = text.length || 1): readonly DelimitedItem[] {
  const parser = createDelimitedParser({ delimiter });
  const items: DelimitedItem[] = [];
  for (let from = 0; from < text.length; from += chunk)
    items.push(...parser.push(text.slice(from, from + chunk)));
  return [...items, ...parser.finish()];
}

const rowsOf = (items: readonly DelimitedItem[]): readonly (readonly string[])[] =>
  items.map((item) => (item.kind === 'record' ? item.values : []));

const hasText = (row: readonly string[]): boolean => row.some((value) => value.trim() !== '');

describe('Delimited text', () => {
  test('is read as Python’s csv module reads it, but for rows without any text', () => {
    for (const { text, delimiter, rows } of tables)
      expect(rowsOf(parse(text, delimiter)), JSON.stringify(text)).toEqual(rows.filter(hasText));
  });

  test('is read the same however it is divided', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tables),
        fc.integer({ min: 1, max: 9 }),
        ({ text, delimiter }, chunk) => {
          expect(parse(text, delimiter, chunk)).toEqual(parse(text, delimiter));
        },
      ),
    );
  });

  test('that Python refuses when it is strict is refused, with line and column of the quote', () => {
    expect(refused.length).toBe(3);
    for (const { text } of refused)
      expect(
        parse(text).some((item) => item.kind === 'bad'),
        JSON.stringify(text),
      ).toBe(true);
    expect(parse('a,b\n1,"x"y\n')[1]).toMatchObject({ kind: 'bad', line: 2, column: 3, recordLine: 2 });
    expect(parse('a,b\n1,"never closed\n2,z\n')[1]).toMatchObject({ kind: 'bad', line: 2, column: 3 });
  });

  test('goes on at the line after one that is broken, so that the rest is not lost', () => {
    const items = parse('a,b\n1,x\n2,"bro"ken\n3,"whole"\n4,y\n');
    expect(
      items.map((item) => (item.kind === 'record' ? item.values[0] : `bad in line ${item.line}`)),
    ).toEqual(['a', '1', 'bad in line 3', '3', '4']);
  });

  test('tells the line of a record that comes after values with line ends in them', () => {
    expect(parse('a\n"1\n2\n3"\nx\n').map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  test('with a quote that is never closed takes time in proportion to its length', () => {
    const text = `a,b\n1,"${'no end, '.repeat(300_000)}`;
    const begun = performance.now();
    expect(parse(text, ',', 4096).at(-1)).toMatchObject({ kind: 'bad', line: 2, column: 3 });
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
