import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJsonElementSplitter } from '../../../src/main/llm/data/json-elements.ts';

function split(text: string, chunk = text.length || 1) {
  const splitter = createJsonElementSplitter();
  const elements = [];
  for (let from = 0; from < text.length; from += chunk)
    elements.push(...splitter.push(text.slice(from, from + chunk)));
  const end = splitter.finish();
  return { elements: [...elements, ...end.elements], complete: end.complete };
}

test('The elements of an array are those that JSON.parse gives, however the text is divided and indented', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 1, max: 40 }),
      (values, indentation, chunk) => {
        const text = ` \n${JSON.stringify(values, null, indentation)}\n`;
        const { elements, complete } = split(text, chunk);
        expect(complete).toBe(true);
        expect(elements.map(({ json }) => JSON.parse(json) as unknown)).toEqual(JSON.parse(text));
      },
    ),
  );
});

test('Each element knows the line on which it begins', () => {
  const { elements } = split('[\n  {"a": 1},\n\n  {"a":\n 2}, 3\n]');
  expect(elements.map(({ number, line }) => [number, line])).toEqual([
    [1, 2],
    [2, 4],
    [3, 5],
  ]);
});

test.each(['[1, 2', '[1, 2]]', '[{"a": "]"', '[1] x'])(
  '%s is told to be cut off or followed by something',
  (text) => {
    expect(split(text).complete).toBe(false);
  },
);

test('What is no array is one element', () => {
  expect(split('{"a": [1, 2]}', 3)).toEqual({
    elements: [{ json: '{"a": [1, 2]}', number: 1, line: 1 }],
    complete: true,
  });
});
