import { describe, expect, it } from 'vitest';
import { clippingScale } from '../../../src/main/llm/training/gradient-clipping.ts';

describe('gradient clipping', () => {
  it('leaves gradients within the limit as they are', () => {
    expect(clippingScale(0, 1)).toBe(1);
    expect(clippingScale(0.5, 1)).toBe(1);
  });

  it('shortens longer ones to the limit, as PyTorch does', () => {
    // torch.nn.utils.clip_grad_norm_ of a float32 gradient [3, 4] to 1 leaves [0.5999999, 0.79999983].
    expect(3 * clippingScale(5, 1)).toBeCloseTo(0.5999999, 7);
    expect(4 * clippingScale(5, 1)).toBeCloseTo(0.7999998, 7);
    expect(4 * clippingScale(5, 1)).toBeLessThan(0.8);
  });

  it('is switched off by 0', () => {
    expect(clippingScale(1e9, 0)).toBe(1);
  });
});
