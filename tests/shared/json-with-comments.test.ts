import { array, assert, constantFrom, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';
import { LoamError } from '../../src/shared/errors.ts';
import { parseJsonWithComments } from '../../src/shared/json-with-comments.ts';

test('comments and trailing commas are read over, and strings that look like them stay', () => {
  const text = `\uFEFF{
    // a comment, with "quotes" and a } bracket
    "url": "http://example.org/a//b", /* and
    another */ "pattern": "/* no comment */ ,}",
    "escaped": "a \\" // still text",
    "list": [1, 2, /* three */],
  }`;
  expect(parseJsonWithComments(text, 'file')).toEqual({
    url: 'http://example.org/a//b',
    pattern: '/* no comment */ ,}',
    escaped: 'a " // still text',
    list: [1, 2],
  });
});

test('any JSON, with comments put between its lines, reads as JSON.parse reads it', () => {
  const comment = constantFrom('// "a": 1,', '/* } */', '/* // */', '//', '');
  assert(
    property(jsonValue(), array(comment, { minLength: 1 }), (value, comments) => {
      const lines = JSON.stringify(value, null, 2).split('\n');
      const commented = lines
        .map((line, index) => `${line} ${comments[index % comments.length]!}`)
        .join('\n');
      expect(parseJsonWithComments(commented, 'file')).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a mistake is told with its line and column in the original text', () => {
  const broken = '{\n  // one\n  "a": 1 /* two */\n  "b": 2\n}';
  expect(() => parseJsonWithComments(broken, 'model.json')).toThrow(/^model\.json, line 4, column 3: /);
  expect(() => parseJsonWithComments(broken, 'model.json')).toThrow('a comma is missing here');
  expect(() => parseJsonWithComments('', 'model.json')).toThrow('a value is missing');
  expect(() => parseJsonWithComments('{"a": "b', 'model.json')).toThrow(LoamError);
  expect(() => parseJsonWithComments('{ /* never closed', 'model.json')).toThrow(LoamError);
});

test('of two entries of one name the last one counts, and a name that objects inherit is a name like any other', () => {
  expect(parseJsonWithComments('{ "a": 1, "a": 2, "__proto__": { "b": 3 } }', 'file')).toEqual(
    JSON.parse('{ "a": 2, "__proto__": { "b": 3 } }'),
  );
});

test('brackets that are nested too deeply are refused in words', () => {
  expect(() => parseJsonWithComments('['.repeat(200_000), 'file')).toThrow('nested too deeply');
});
