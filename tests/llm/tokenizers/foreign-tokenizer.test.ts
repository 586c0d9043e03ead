import { describe, expect, test } from 'vitest';
import { createForeignTokenizer } from '../../../src/main/llm/tokenizers/foreign-tokenizer.ts';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import { parseTokenizerFile } from '../../../src/main/llm/tokenizers/tokenizer-json.ts';
import { goldenCases, goldenPath, readGoldenText } from '../../fixtures/tokenizers/golden.ts';

describe.each(['wordpiece', 'unigram', 'metaspace'])('the foreign tokenizer in %s', async (folder) => {
  const tokenizer = await loadTokenizer(goldenPath(folder));

  test.each(goldenCases(folder))('encodes "$name" as tokenizers does', ({ text, ids }) => {
    expect(tokenizer.kind).toBe('other');
    expect(Array.from(tokenizer.encode(text))).toEqual(ids);
  });

  // @huggingface/tokenizers drops a byte-order mark that was encoded as bytes at the start of a text.
  const decodable = goldenCases(folder).filter(({ text }) => !text.startsWith('\ufeff'));
  test.each(decodable)('decodes "$name" as tokenizers does', ({ ids, decoded }) => {
    expect(tokenizer.decode(ids)).toBe(decoded);
  });

  test('encodes the text of a special token as plain text and skips the token itself', () => {
    const special = tokenizer.tokenText(tokenizer.endOfText);
    expect(tokenizer.encode(`one ${special} two`)).not.toContain(tokenizer.endOfText);
    expect(tokenizer.decode([tokenizer.endOfText])).toBe('');
    expect(tokenizer.tokenBytes(tokenizer.endOfText).length).toBe(0);
  });
});

test('the bytes of SentencePiece tokens are those of the text', async () => {
  const tokenizer = await loadTokenizer(goldenPath('metaspace'));
  for (const { text, ids } of goldenCases('metaspace')) {
    const bytes = Buffer.concat(Array.from(ids, (id) => tokenizer.tokenBytes(id)));
    expect(bytes.toString()).toBe(text);
  }
});

// What Loam writes is read in a browser by the same library.
test.each(['gpt4', 'gpt2-split', 'characters'])(
  '@huggingface/tokenizers gives the ids of Loam for %s',
  (folder) => {
    const json = readGoldenText(`${folder}/tokenizer.json`);
    const tokenizer = createForeignTokenizer(parseTokenizerFile(json, folder), json, undefined, folder);
    for (const { text, ids } of goldenCases(folder)) expect(Array.from(tokenizer.encode(text))).toEqual(ids);
  },
);
