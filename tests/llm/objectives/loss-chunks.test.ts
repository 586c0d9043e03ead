import { describe, expect, it } from 'vitest';
import { automaticLossChunks } from '../../../src/main/llm/objectives/loss-chunks.ts';

describe('the loss head’s parts', () => {
  it('is one where the logits are small', () => {
    expect(automaticLossChunks(12 * 64, 65)).toBe(1);
  });

  it('are as few as keep the logits of a part within 64 MB', () => {
    const chunks = automaticLossChunks(4 * 1024, 50257);
    expect(Math.ceil(4096 / chunks) * 50257).toBeLessThanOrEqual(2 ** 24);
    expect(Math.ceil(4096 / (chunks - 1)) * 50257).toBeGreaterThan(2 ** 24);
  });

  it('are never more than the tokens', () => {
    expect(automaticLossChunks(3, 2 ** 30)).toBe(3);
  });
});
