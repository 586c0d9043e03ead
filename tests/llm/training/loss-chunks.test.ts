import { describe, expect, it } from 'vitest';
import { automaticLossChunks } from '../../../src/main/llm/training/loss-chunks.ts';

describe('the loss head’s parts', () => {
  it('is one where the logits are small', () => {
    expect(automaticLossChunks(12 * 64, 65)).toBe(1);
  });

  it('divides the tokens so that a part’s logits stay within 64 MB', () => {
    const chunks = automaticLossChunks(4 * 1024, 50257);
    expect(4096 % chunks).toBe(0);
    expect((4096 / chunks) * 50257).toBeLessThanOrEqual(2 ** 24);
    expect((4096 / (chunks / 2)) * 50257).toBeGreaterThan(2 ** 24);
  });

  it('goes down to single tokens for a number that nothing divides', () => {
    expect(automaticLossChunks(1021, 50257)).toBe(1021);
  });
});
