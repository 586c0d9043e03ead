import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import { saveTokenizer } from '../../../src/main/llm/tokenizers/save.ts';
import { goldenCases, goldenPath, readGoldenText } from '../../fixtures/tokenizers/golden.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-tokenizer-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A tokenizer.json like the golden one with something changed. */
async function loadEdited(name: string, edit: (contents: TokenizerContents) => void): Promise<unknown> {
  const contents = JSON.parse(readGoldenText(`${name}/tokenizer.json`)) as TokenizerContents;
  edit(contents);
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(contents));
  return loadTokenizer(folder).catch((error: unknown) => error);
}

/** What the tests change in a tokenizer.json. */
interface TokenizerContents {
  added_tokens: unknown;
  model: { type: string; vocab: Record<string, unknown>; merges: unknown };
  pre_tokenizer: { pretokenizers: { pattern?: { Regex: string } }[] } | null;
  decoder: unknown;
}

describe('loading a tokenizer', () => {
  test.each(['gpt4', 'qwen', 'characters', 'wordpiece'])(
    'what was saved from %s is the same tokenizer',
    async (name) => {
      const original = await loadTokenizer(goldenPath(name));
      await saveTokenizer(original, join(folder, 'new', 'folder'));
      const loaded = await loadTokenizer(join(folder, 'new', 'folder'));
      expect(loaded.hash).toBe(original.hash);
      expect(loaded.toJson()).toBe(readGoldenText(`${name}/tokenizer.json`));
      expect(loaded.endOfText).toBe(original.endOfText);
      for (const { text, ids } of goldenCases(name)) expect(Array.from(loaded.encode(text))).toEqual(ids);
    },
  );

  test('takes the file itself as well as its folder', async () => {
    const byFolder = await loadTokenizer(goldenPath('gpt4'));
    const byFile = await loadTokenizer(goldenPath('gpt4/tokenizer.json'));
    expect(byFile.hash).toBe(byFolder.hash);
  });

  test('of GPT-2’s two files keeps <|endoftext|> last, and saves as one file with the same ids', async () => {
    const original = await loadTokenizer(goldenPath('gpt2'));
    expect(original.endOfText).toBe(original.vocabularySize - 1);
    await saveTokenizer(original, folder);
    const loaded = await loadTokenizer(folder);
    for (const { text, ids } of goldenCases('gpt2')) expect(Array.from(loaded.encode(text))).toEqual(ids);
  });

  test('takes the end of a text from tokenizer_config.json', async () => {
    await writeFile(join(folder, 'tokenizer.json'), readGoldenText('wordpiece/tokenizer.json'));
    expect((await loadTokenizer(folder)).tokenText((await loadTokenizer(folder)).endOfText)).toBe('[SEP]');
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ eos_token: { content: '[PAD]' } }),
    );
    expect((await loadTokenizer(folder)).tokenText((await loadTokenizer(folder)).endOfText)).toBe('[PAD]');
  });

  test('writes the tokens that transformers needs to know', async () => {
    await saveTokenizer(await loadTokenizer(goldenPath('gpt4')), folder);
    const config: unknown = JSON.parse(await readFile(join(folder, 'tokenizer_config.json'), 'utf8'));
    expect(config).toMatchObject({ eos_token: '<|endoftext|>', tokenizer_class: 'PreTrainedTokenizerFast' });
  });

  test('leaves a byte-level BPE with another pattern to the library', async () => {
    const loaded = await loadEdited('gpt4', ({ pre_tokenizer }) => {
      pre_tokenizer!.pretokenizers[0]!.pattern!.Regex = String.raw`\s+|\S+`;
    });
    expect(loaded).toMatchObject({ kind: 'other', vocabularySize: 700 });
  });
});

describe('a broken tokenizer', () => {
  async function expectRefusal(result: unknown, what: string): Promise<void> {
    const error = await result;
    expect(error).toBeInstanceOf(LoamError);
    expect(error).toMatchObject({
      kind: 'input',
      what: expect.stringContaining(what),
      where: expect.stringContaining(folder),
    });
  }

  test('is refused when the file is cut off', async () => {
    await writeFile(join(folder, 'tokenizer.json'), readGoldenText('gpt4/tokenizer.json').slice(0, 5000));
    await expectRefusal(
      loadTokenizer(folder).catch((error: unknown) => error),
      'not valid JSON',
    );
  });

  test('is refused when a part is missing, and the part is named', async () => {
    await writeFile(join(folder, 'tokenizer.json'), '{"added_tokens": []}');
    await expectRefusal(
      loadTokenizer(folder).catch((error: unknown) => error),
      'broken at model',
    );
    await expectRefusal(
      loadEdited('gpt4', (contents) => (contents.added_tokens = [{ id: -1, content: 'x' }])),
      'added_tokens.0.id',
    );
  });

  test('is refused when a merge has a token that the vocabulary lacks', async () => {
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.merges = [['Ġ', 'Q€']])),
      'Merge 0',
    );
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.merges = ['a b c'])),
      'not a pair',
    );
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.merges = 'a b')),
      'merges',
    );
  });

  test('is refused when ids are used twice, negative, or far too large', async () => {
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.vocab['!'] = 5)),
      'to two tokens',
    );
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.vocab['!'] = -5)),
      'whole number',
    );
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.vocab['!'] = 2 ** 40)),
      'whole number',
    );
  });

  test.each(['gpt4', 'wordpiece', 'metaspace', 'unigram'])(
    'is refused when an added token has an id that no vocabulary reaches (%s)',
    async (name) => {
      await expectRefusal(
        loadEdited(name, (contents) => {
          contents.added_tokens = [{ id: 2 ** 31, content: '<far>', special: true }];
        }),
        'the id 2,147,483,648 is more than is believed here, at most 2,097,151',
      );
    },
  );

  test('is refused when the library that runs it would believe its ids', async () => {
    await expectRefusal(
      loadEdited('wordpiece', ({ model }) => (model.vocab['pump'] = 2 ** 31)),
      'the id 2147483648, which is no whole number from 0 to 2097151',
    );
    await expectRefusal(
      loadEdited('metaspace', ({ model }) => (model.merges = [['never', 'seen']])),
      'not in the vocabulary',
    );
    await expectRefusal(
      loadEdited('unigram', ({ model }) => (model.vocab = [['a', 'b']] as never)),
      'no list of tokens and their scores',
    );
  });

  test('is refused when its parts are nested without end', async () => {
    await writeFile(
      join(folder, 'tokenizer.json'),
      `{"model": {"type": "BPE"}, "decoder": ${'{"type": "Sequence", "decoders": ['.repeat(5000)}${']}'.repeat(5000)}}`,
    );
    await expectRefusal(
      loadTokenizer(folder).catch((error: unknown) => error),
      'nested more than 64 levels deep',
    );
  });

  test('is refused when its kind is unknown, with the kinds that are known', async () => {
    await expectRefusal(
      loadEdited('gpt4', ({ model }) => (model.type = 'WordLevel')),
      'BPE, WordPiece, Unigram',
    );
  });

  test('is refused when no token ends a text', async () => {
    await expectRefusal(
      loadEdited('gpt4', (contents) => {
        contents.added_tokens = [];
        delete contents.model.vocab['<|endoftext|>'];
      }),
      'no token that ends a text',
    );
  });

  test('is refused when it is not there', async () => {
    await expectRefusal(
      loadTokenizer(join(folder, 'nowhere')).catch((error: unknown) => error),
      'no such file',
    );
    await expectRefusal(
      loadTokenizer(folder).catch((error: unknown) => error),
      'neither a tokenizer.json nor',
    );
  });
});
