import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOfJson } from '../../../src/main/llm/data/json-values.ts';

/** What Python's json module reads and refuses: tests/fixtures/json/make_json.py. */
const python = JSON.parse(
  readFileSync(new URL('../../fixtures/json/json.json', import.meta.url), 'utf8'),
) as {
  readonly contents: readonly {
    readonly json: string;
    readonly content: string | readonly (readonly [string, string])[];
  }[];
  readonly refused: readonly string[];
};

test.each(python.contents)('The content of $json is what Python reads in it', ({ json, content }) => {
  const read = contentOfJson(json);
  expect(typeof read === 'object' ? [...read] : read).toEqual(content);
});

test.each(python.refused)('%j, which Python refuses, is no JSON here either', (json) => {
  expect(() => contentOfJson(json)).toThrow(SyntaxError);
});

const fieldsOf = (json: string): Readonly<Record<string, string>> => {
  const content = contentOfJson(json);
  if (content === undefined || typeof content === 'string') throw new Error('no object');
  return Object.fromEntries(content);
};

describe('The fields of a JSON object', () => {
  test('are those that JSON.parse gives, whatever their names and however it is written', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '7', 'a"b\\\\'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 6 }),
        fc.integer({ min: 0, max: 2 }),
        (entries, indentation) => {
          const object: unknown = Object.fromEntries(entries);
          const json = JSON.stringify(object, null, indentation);
          const expected = Object.entries(JSON.parse(json) as Record<string, string>).map(([key, value]) => [
            key === '' ? 'unnamed' : key,
            value.toWellFormed(),
          ]);
          expect(fieldsOf(json)).toEqual(Object.fromEntries(expected));
        },
      ),
    );
  });

  test('keep the digits of their numbers, also within lists', () => {
    expect(
      fieldsOf(
        '{"id": 9007199254740993, "price": 1.10, "far": 1e400, "zero": -0.0, "all": [1.0, {"x": 2E5}]}',
      ),
    ).toEqual({ id: '9007199254740993', price: '1.10', far: '1e400', zero: '-0.0', all: '[1.0,{"x":2E5}]' });
  });

  test('are empty where there is no value, and words where they are true or false', () => {
    expect(fieldsOf('{"a": null, "b": NaN, "c": true, "d": -Infinity, "e": "NaN"}')).toEqual({
      a: '',
      b: '',
      c: 'true',
      d: '-Infinity',
      e: 'NaN',
    });
  });

  test('hold lists and objects as JSON without blanks, with letters instead of their escapes', () => {
    expect(fieldsOf(String.raw`{"a": [ "caf\u00e9", {"b c":\n1} ]}`.replace('\\n', '\n'))).toEqual({
      a: '["café",{"b c":1}]',
    });
  });

  test('may be nested deeper than any stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(fieldsOf(`{"a": ${deep}}`)).toEqual({ a: deep });
  });

  test('take the last value of a name that is there twice', () => {
    expect(fieldsOf('{"a": 1, "a": 2}')).toEqual({ a: '2' });
  });
});

test.each(['{"a": nan}', '{"a": NaNs}', '{"a": 1,}', "{'a': 1}"])('%s is no JSON', (json) => {
  expect(() => contentOfJson(json)).toThrow(SyntaxError);
});
