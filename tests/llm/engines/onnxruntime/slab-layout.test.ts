import { describe, expect, it } from 'vitest';
import { layoutSlabs } from '../../../../src/main/llm/engines/onnxruntime/slab-layout.ts';
import { LoamError } from '../../../../src/shared/errors.ts';

const matrix = (name: string, rows: number, columns: number) => ({
  name,
  shape: [rows, columns],
  weightDecay: true,
});

describe('the layout of parameters in memories', () => {
  it('begins another memory where one is full, and gives a large parameter one of its own', () => {
    const slabs = layoutSlabs(
      [matrix('a', 16, 16), matrix('b', 16, 16), matrix('large', 1024, 1024), matrix('c', 16, 16)],
      200_000,
    );
    const names = slabs.map(({ placements }) => placements.map(({ specification }) => specification.name));
    expect(names).toEqual([['a', 'b'], ['large'], ['c']]);
  });

  it('places each buffer inside its memory without overlap, up to the largest memory that there is', () => {
    for (const rows of [1, 1000, 50_257, 349_000]) {
      const [slab] = layoutSlabs([matrix('weight', rows, 768)]);
      const ends = slab!.bufferAddresses.map((address) => address + 4 * slab!.bufferElements);
      expect(slab!.bufferAddresses.slice(1).every((address, buffer) => address >= ends[buffer]!)).toBe(true);
      expect(ends.at(-1)).toBeLessThanOrEqual(slab!.bytes);
      expect(slab!.bytes).toBeLessThan(2 ** 32);
    }
  });

  it('refuses a parameter that no memory holds, with its name and what to do', () => {
    const layout = () => layoutSlabs([matrix('wte.weight', 400_000, 768)]);
    expect(layout).toThrow(LoamError);
    expect(layout).toThrow(/'wte\.weight' of shape \[400000, 768\] takes 4\.6 GiB .* smaller vocabulary/);
  });
});
