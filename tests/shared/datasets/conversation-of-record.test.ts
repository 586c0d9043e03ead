import { expect, it } from 'vitest';
import { conversationOfRecord } from '../../../src/shared/datasets/conversation-of-record.ts';

const mapping = {
  instruction: 'instruction',
  context: 'input',
  response: 'output',
  note: 'ignored',
} as const;
const record = (fields: Readonly<Record<string, string>>) =>
  conversationOfRecord(new Map(Object.entries(fields)), mapping);

it('asks with the instruction and its input, and answers with the output', () => {
  expect(
    record({ instruction: 'Translate.', context: 'Guten Tag', response: 'Good day', note: 'x' }),
  ).toEqual([
    { role: 'user', content: 'Translate.\n\nGuten Tag' },
    { role: 'assistant', content: 'Good day' },
  ]);
  expect(record({ instruction: 'Say hello.', context: '', response: 'Hello' })?.[0]?.content).toBe(
    'Say hello.',
  );
});

it('is none where nothing is asked, or nothing is answered', () => {
  expect(record({ instruction: 'Say hello.', response: '  ' })).toBeUndefined();
  expect(record({ response: 'Hello' })).toBeUndefined();
});

it('is the one of its conversation column, of OpenAI’s form or ShareGPT’s', () => {
  const of = (value: string) =>
    conversationOfRecord(new Map([['messages', value]]), { messages: 'conversation' });
  const expected = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ];
  expect(of('[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]')).toEqual(expected);
  expect(of('[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}]')).toEqual(expected);
  expect(of('no conversation')).toBeUndefined();
});
