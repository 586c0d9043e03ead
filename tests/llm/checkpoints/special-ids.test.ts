import { describe, expect, it } from 'vitest';
import { endOfTextIds } from '../../../src/main/llm/checkpoints/read-special-ids.ts';
import { toGenerationConfig } from '../../../src/main/llm/checkpoints/text-conventions.ts';

describe('the end of a text', () => {
  it('is read from generation_config.json first, as one id or several', () => {
    expect(endOfTextIds({ eos_token_id: [3, 4] }, { eos_token_id: 5 })).toEqual([3, 4]);
    expect(endOfTextIds(undefined, { eos_token_id: 5 })).toEqual([5]);
    expect(endOfTextIds({ eos_token_id: null }, { eos_token_id: 0 })).toEqual([0]);
    expect(endOfTextIds(undefined, undefined)).toEqual([]);
    expect(endOfTextIds(toGenerationConfig({ endOfText: 9 }), undefined)).toEqual([9]);
  });
});
