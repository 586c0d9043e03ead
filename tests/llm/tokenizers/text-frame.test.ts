import { describe, expect, test } from 'vitest';
import { readTextFrame, withoutPostProcessor } from '../../../src/main/llm/tokenizers/text-frame.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { readGoldenText } from '../../fixtures/tokenizers/golden.ts';

interface FrameCase {
  readonly name: string;
  readonly post_processor: { readonly type: string };
  readonly before: readonly number[];
  readonly after: readonly number[];
}
const cases = JSON.parse(readGoldenText('frames.json')) as readonly FrameCase[];

describe('what a tokenizer puts around a text', () => {
  test.each(cases)('is what tokenizers puts there: $name', ({ post_processor, before, after }) => {
    const frame = readTextFrame(post_processor, 'here');
    expect(frame ?? { before: [], after: [] }).toEqual({ before, after });
    expect(frame === undefined).toBe(before.length + after.length === 0);
  });

  test.each([
    ['of an unknown kind', { type: 'Wrapping' }, 'a post-processor "Wrapping", which is not computed'],
    [
      'twice',
      { type: 'Sequence', processors: [cases[1]?.post_processor, cases[1]?.post_processor] },
      'several',
    ],
    ['without the text', { type: 'TemplateProcessing', single: [], special_tokens: {} }, 'exactly once'],
    [
      'by a name that is not explained',
      {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: 'constructor' } }, { Sequence: { id: 'A' } }],
        special_tokens: {},
      },
      '"constructor", which it does not explain',
    ],
    ['that has no place', { type: 'BertProcessing', cls: ['a', 2 ** 31], sep: ['b', 1] }, 'broken at cls.1'],
  ])('is refused %s', (_, postProcessor, message) => {
    const read = () => readTextFrame(postProcessor, 'here');
    expect(read).toThrow(LoamError);
    expect(read).toThrow(message);
  });

  test('is taken out of a file, which otherwise stays as it is', () => {
    const json = readGoldenText('gpt4/tokenizer.json');
    expect(withoutPostProcessor(json)).toBe(json);
    const file = JSON.parse(json) as object;
    const framed = JSON.stringify({ ...file, post_processor: cases[1]?.post_processor });
    expect(JSON.parse(withoutPostProcessor(framed))).toEqual({ ...file, post_processor: null });
  });
});
