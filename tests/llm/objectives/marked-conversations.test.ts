import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadChatTemplate } from '../../../src/main/llm/conversations/chat-template.ts';
import type { TextDocument } from '../../../src/main/llm/data/text-files.ts';
import {
  conversationColumns,
  markedConversationFormat,
} from '../../../src/main/llm/objectives/marked-conversations.ts';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const model = resolve(import.meta.dirname, '../../fixtures/chat-templates/marked');

type Conversation = NonNullable<TextDocument['conversation']>;

const answered = (question: string, answer: string): Conversation => [
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
];

async function written(conversations: readonly (Conversation | undefined)[], contextLength = 100) {
  const tokenizer = await loadTokenizer(model);
  const template = await loadChatTemplate(model, tokenizer);
  if (template === undefined) throw new Error('There is a template.');
  const folder = join(await temporaryFolder(), 'examples');
  async function* documents(): AsyncGenerator<TextDocument> {
    for (const [index, conversation] of conversations.entries()) {
      const about = { source: 'made up', index, ...(conversation === undefined ? {} : { conversation }) };
      // A long text comes in pieces; it is one record all the same.
      yield { ...about, text: 'first', continues: true };
      yield { ...about, text: 'last', continues: false };
    }
  }
  const counts = await markedConversationFormat.write({
    documents: documents(),
    tokenizer,
    folder,
    split: { mode: 'auto', validationFraction: 0.2, seed: 1 },
    conversations: { template, contextLength },
  });
  return { counts, tokenizer, examples: await markedConversationFormat.open(folder) };
}

it('keeps each conversation in the tokens of the model’s template, and trains on the answer and its end alone', async () => {
  const { counts, tokenizer, examples } = await written(
    Array.from({ length: 30 }, (_, number) => answered(`Question ${number}?`, `Answer ${number}.`)),
  );
  expect(counts.train.documents + counts.validation.documents).toBe(30);
  expect(counts.notes).toEqual([]);
  const ids = [...examples.train.read(conversationColumns.text, 0)];
  const trained = [...examples.train.read(conversationColumns.trained, 0)];
  const learned = ids.filter((_, place) => trained[place] === 1);
  expect(tokenizer.decode(learned)).toMatch(/^Answer \d+\.$/);
  expect(tokenizer.tokenText(learned.at(-1) ?? -1)).toBe('<|end|>');
  expect(tokenizer.decode(ids)).toMatch(/^user\nQuestion (\d+)\?\nassistant\nAnswer \1\.\n$/);
  examples.close();
});

it('says of each record that is not learned from why it is not', async () => {
  const { counts, examples } = await written([
    answered('One?', 'Two.'),
    answered('Three?', 'Four.'),
    undefined,
    [{ role: 'user', content: 'And nobody answers.' }],
    answered('How long?', 'x'.repeat(200)),
    [...answered('Look it up.', 'I will.'), { role: 'tool', content: '42' }],
  ]);
  examples.close();
  expect(counts.train.documents + counts.validation.documents).toBe(2);
  expect(counts.notes).toEqual([
    '1 record without a question and an answer is left out.',
    '1 record without a reply to learn is left out.',
    '1 record is left out because "tool" speaks in it, whom chat templates do not know.',
    expect.stringMatching(
      /^1 record is longer than the context of 100 tokens and is left out; the longest has 2\d\d\.$/,
    ),
  ]);
});

it('refuses records of which nothing can be learned, with the reason', async () => {
  await expect(written([undefined, undefined, undefined])).rejects.toThrow(
    '3 records without a question and an answer are left out.',
  );
});
