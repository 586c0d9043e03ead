import { describe, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { trainTokenizer, type TokenizerTrainingOptions } from '../../../src/main/llm/tokenizers/train.ts';
import { corpus, documentsOf, readGoldenText } from '../../fixtures/tokenizers/golden.ts';

function training(options: Partial<TokenizerTrainingOptions>): TokenizerTrainingOptions {
  return {
    documents: documentsOf(corpus),
    kind: 'bpe',
    vocabularySize: 300,
    minimumFrequency: 2,
    ...options,
  };
}

describe('training a BPE tokenizer', () => {
  test('with the gpt4 pattern writes the very file that tokenizers trains and saves', async () => {
    const tokenizer = await trainTokenizer(training({ vocabularySize: 700, minimumFrequency: 1 }));
    expect(tokenizer.toJson()).toBe(readGoldenText('gpt4/tokenizer.json'));
  });

  test('with the gpt2 pattern writes the very file that tokenizers trains and saves', async () => {
    const tokenizer = await trainTokenizer(training({ vocabularySize: 500, pattern: 'gpt2' }));
    expect(tokenizer.toJson()).toBe(readGoldenText('gpt2-split/tokenizer.json'));
  });

  test('gives <|endoftext|> the id 0 and every byte a token', async () => {
    const tokenizer = await trainTokenizer(training({ vocabularySize: 257 }));
    expect(tokenizer.vocabularySize).toBe(257);
    expect(tokenizer.endOfText).toBe(0);
    expect(tokenizer.tokenText(0)).toBe('<|endoftext|>');
    const bytes = Array.from({ length: 256 }, (_, index) => tokenizer.tokenBytes(index + 1)[0]!);
    expect(new Set(bytes).size).toBe(256);
  });

  test('does not depend on the order of the documents', async () => {
    const forwards = await trainTokenizer(training({}));
    const backwards = await trainTokenizer(training({ documents: documentsOf(corpus.toReversed()) }));
    expect(backwards.hash).toBe(forwards.hash);
  });

  test('reports the bytes read and the tokens learned', async () => {
    const phases = new Map<string, { done: number; total?: number }>();
    await trainTokenizer(training({ onProgress: ({ phase, ...amounts }) => phases.set(phase, amounts) }));
    const bytes = Buffer.byteLength(corpus.join(''));
    expect(phases.get('reading')).toEqual({ done: bytes, total: bytes });
    expect(phases.get('merging')).toEqual({ done: 300, total: 300 });
  });

  test('of more tokens than the text supports gives those it has and says so', async () => {
    const notices: string[] = [];
    const tokenizer = await trainTokenizer(
      training({
        documents: documentsOf(['abab abab']),
        vocabularySize: 5000,
        onNotice: (notice) => notices.push(notice),
      }),
    );
    expect(tokenizer.vocabularySize).toBe(259);
    expect(notices).toEqual([expect.stringContaining('259 tokens instead of 5000')]);
  });

  test('says when rare words did not fit in memory', async () => {
    const notices: string[] = [];
    await trainTokenizer(
      training({ wordLimits: { words: 50, bytes: 5000 }, onNotice: (notice) => notices.push(notice) }),
    );
    expect(notices).toEqual([expect.stringContaining('left out of the counts')]);
  });

  test.each([256, 0, -1, 300.5, Number.NaN, 2_000_000])(
    'refuses a vocabulary of %d tokens',
    async (vocabularySize) => {
      const error: unknown = await trainTokenizer(training({ vocabularySize })).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(LoamError);
      expect(error).toMatchObject({
        kind: 'misuse',
        where: 'vocabulary size',
        remedy: expect.stringContaining('257'),
      });
    },
  );

  test.each(['bpe', 'char'] as const)('of kind %s refuses to learn from no text', async (kind) => {
    await expect(trainTokenizer(training({ kind, documents: documentsOf(['', '']) }))).rejects.toMatchObject({
      kind: 'input',
      what: expect.stringContaining('no text'),
    });
  });

  test('stops while reading when the signal is aborted', async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield corpus.join('\n');
    }
    const result = trainTokenizer(
      training({
        documents: endless(),
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('stopped')),
      }),
    );
    await expect(result).rejects.toThrow('stopped');
  });

  test('stops while merging when the signal is aborted', async () => {
    const controller = new AbortController();
    const words = Array.from(
      { length: 40_000 },
      (_, index) =>
        `w${(index * 7919).toString(2).padStart(20, '0').replaceAll('0', 'a').replaceAll('1', 'b')}`,
    );
    const result = trainTokenizer(
      training({
        documents: documentsOf([words.join(' ')]),
        vocabularySize: 100_000,
        signal: controller.signal,
        onProgress: ({ phase }) => phase === 'merging' && controller.abort(new Error('stopped')),
      }),
    );
    await expect(result).rejects.toThrow('stopped');
  });
});

describe('training a character tokenizer', () => {
  test('writes the very file that tokenizers saves', async () => {
    const tokenizer = await trainTokenizer(training({ kind: 'char' }));
    expect(tokenizer.toJson()).toBe(readGoldenText('characters/tokenizer.json'));
  });
});
