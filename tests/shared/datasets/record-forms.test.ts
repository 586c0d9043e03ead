import { describe, expect, test } from 'vitest';
import { composeText, guessColumnMapping, type Fields } from '../../../src/shared/datasets/columns.ts';
import {
  conversationOf,
  isJsonStructure,
  renderConversation,
} from '../../../src/shared/datasets/record-forms.ts';

const turns = [
  { role: 'user', content: 'Does it float?' },
  { role: 'assistant', content: 'In salt water.' },
];
const shared = [
  { from: 'human', value: 'Does it float?' },
  { from: 'gpt', value: 'In salt water.' },
];

describe('A conversation', () => {
  test('is the same in either form, and with its text in parts', () => {
    const inParts = turns.map(({ role, content }) => ({ role, content: [{ type: 'text', text: content }] }));
    for (const form of [turns, shared, inParts]) expect(conversationOf(JSON.stringify(form))).toEqual(turns);
    // As Python writes what it does not know.
    const scored = JSON.stringify(turns).replaceAll('"role"', '"score": NaN, "role"');
    expect(conversationOf(scored)).toEqual(turns);
  });

  test.each([
    ['[]'],
    ['[{"role": "user"}]'],
    ['[{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}]'],
    ['[{"role": "assistant", "content": "", "tool_calls": [{"id": 1}]}]'],
    ['[{"from": "human", "value": 7}]'],
    ['["user"]'],
    ['a text'],
  ])('is not what %s is', (value) => {
    expect(conversationOf(value)).toBeUndefined();
  });

  test('is rendered with a heading for each who speaks', () => {
    expect(renderConversation(turns)).toBe('### User:\nDoes it float?\n\n### Assistant:\nIn salt water.');
  });
});

describe('The role of a conversation is guessed', () => {
  const guess = (record: Readonly<Record<string, unknown>>) =>
    guessColumnMapping(
      Object.keys(record),
      new Map(
        Object.entries(record).map(([name, value]) => [
          name,
          [typeof value === 'string' ? value : JSON.stringify(value)],
        ]),
      ),
    );

  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['of messages', { id: 'a', messages: turns }, ['messages']],
    ['of a shared chat', { conversations: shared, prompt: 'x', output: 'y' }, ['conversations']],
    [
      'of a prompt and its completion',
      { prompt: turns.slice(0, 1), completion: turns.slice(1) },
      ['prompt', 'completion'],
    ],
    ['of the answer that was chosen', { chosen: turns, rejected: turns }, ['chosen']],
  ])('for the columns %s', (_, record, expected) => {
    const mapping = guess(record);
    expect(Object.keys(mapping).filter((name) => mapping[name] === 'conversation')).toEqual(expected);
  });

  test('not without values that are one', () => {
    expect(guessColumnMapping(['messages'])).toEqual({ messages: 'text' });
    expect(guess({ text: 'as it is', messages: turns })).toEqual({ text: 'text', messages: 'ignored' });
  });

  test('and both halves become one text', () => {
    const record: Fields = new Map([
      ['prompt', JSON.stringify(turns.slice(0, 1))],
      ['completion', JSON.stringify(turns.slice(1))],
    ]);
    expect(composeText(record, { prompt: 'conversation', completion: 'conversation' })).toBe(
      renderConversation(turns),
    );
  });
});

test.each([
  ['{"a": 1}', true],
  [' [1, 2] ', true],
  ['[0.5, NaN]', true],
  ['{"score": -Infinity}', true],
  ['[NaN', false],
  ['[sic]', false],
  ['{braces}', false],
  ['plain', false],
])('%s holds a structure: %s', (value, expected) => {
  expect(isJsonStructure(value)).toBe(expected);
});
