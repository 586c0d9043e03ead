import { expect, test } from 'vitest';
import { listOfRecords, listsOfObject } from '../../../src/main/llm/data/json-lists.ts';
import { createJsonElementSplitter } from '../../../src/main/llm/data/json-elements.ts';

async function find(text: string, chunk = text.length) {
  const pieces = async function* () {
    for (let from = 0; from < text.length; from += chunk) yield text.slice(from, from + chunk);
  };
  return listsOfObject(pieces());
}

const recordsIn = async (value: unknown) => {
  const found = listOfRecords(await find(JSON.stringify(value)));
  return typeof found === 'object' ? found.path.join('.') : found;
};

const rows = [{ note: 'The gate was left open.' }, { note: 'It was shut at nine, "by hand".' }];

test.each<[string, unknown, string | undefined]>([
  ['a list of records beside a few words', { version: 2, rows }, 'rows'],
  ['one that lies deeper', { response: { status: 'ok', result: { items: rows } } }, 'response.result.items'],
  ['texts', { source: 'log', lines: ['The pump ran dry.', 'It was filled again.'] }, 'lines'],
  ['two lists of which none is larger', { first: rows, second: rows }, 'several'],
  ['a text with its authors', { text: 'long '.repeat(60), authors: [{ name: 'A' }] }, undefined],
  [
    'a conversation',
    { messages: [{ role: 'user', content: 'How long is the belt, and how wide?' }] },
    undefined,
  ],
  ['numbers', { sizes: [1, 2, 3, 4, 5, 6] }, undefined],
])('Of an object with %s the records are found', async (_, value, expected) => {
  expect(await recordsIn(value)).toBe(expected);
});

test('The lists are the same however the text is divided, and none are in what is no object alone', async () => {
  const text = JSON.stringify({ 'a"b': { c: rows }, none: [], d: [[1], [2]] });
  const whole = await find(text);
  expect(whole.map(({ path, elements, of }) => [path, elements, of])).toEqual([
    [['a"b', 'c'], 2, 'objects'],
    [['none'], 0, 'others'],
    [['d'], 2, 'others'],
  ]);
  for (const chunk of [1, 2, 7]) expect(await find(text, chunk)).toEqual(whole);
  expect(await find('[{"a": [{"b": 1}]}]')).toEqual([]);
  expect(await find('{"a": [{"b": 1}]}\n{"a": []}')).toEqual([]);
});

test('The elements of a list in an object are split as those of a file that is a list', () => {
  const text = JSON.stringify({ before: { items: [0] }, in: { items: rows, x: ']' }, after: [1] }, null, 2);
  for (const chunk of [1, 5, text.length]) {
    const splitter = createJsonElementSplitter(['in', 'items']);
    const elements = [];
    for (let from = 0; from < text.length; from += chunk)
      elements.push(...splitter.push(text.slice(from, from + chunk)));
    const end = splitter.finish();
    expect([...elements, ...end.elements].map(({ json }) => JSON.parse(json) as unknown)).toEqual(rows);
    expect(end.complete).toBe(true);
    expect(elements[0]?.line).toBe(9);
  }
  const cut = createJsonElementSplitter(['in', 'items']);
  cut.push(text.slice(0, -4));
  expect(cut.finish().complete).toBe(false);
});
