import { describe, expect, it } from 'vitest';
import type { EngineState } from '../../../../src/shared/engines/contract.ts';
import { compareEngines } from '../../../../src/renderer/screens/hardware/compare-engines.ts';

type Measured = Pick<EngineState, 'name' | 'benchmark'>;

function measured(name: EngineState['name'], secondsPerStep: number, tokensPerSecond: number): Measured {
  return {
    name,
    benchmark: {
      matrixGigaflops: 100,
      secondsPerStep,
      memoryBytes: 1e9,
      tokensPerSecond,
      processor: 'a processor',
      version: '1',
      device: 'a processor',
      threads: 2,
      measuredAt: '2026-01-01T00:00:00Z',
    },
  };
}

describe('which engine is the faster one', () => {
  it('is told for training and for writing, each by how many times', () => {
    const leads = compareEngines([measured('tensorflow', 0.214, 60), measured('onnxruntime', 0.156, 540)]);
    expect(leads?.training).toMatchObject({ first: 'onnxruntime', second: 'tensorflow', alike: false });
    expect(leads?.training.times).toBeCloseTo(1.37, 2);
    expect(leads?.writing).toEqual({ first: 'onnxruntime', second: 'tensorflow', times: 9, alike: false });
  });

  it('may be another one for training than for writing', () => {
    const leads = compareEngines([measured('onnxruntime', 0.3, 540), measured('tensorflow', 0.1, 60)]);
    expect([leads?.training.first, leads?.writing.first]).toEqual(['tensorflow', 'onnxruntime']);
  });

  it('is neither where the difference is below a tenth', () => {
    const leads = compareEngines([measured('onnxruntime', 0.1, 109), measured('tensorflow', 0.109, 100)]);
    expect([leads?.training.alike, leads?.writing.alike]).toEqual([true, true]);
    expect(
      compareEngines([measured('onnxruntime', 0.1, 111), measured('tensorflow', 0.111, 100)])?.writing.alike,
    ).toBe(false);
  });

  it('is not told before two were measured', () => {
    expect(compareEngines([])).toBeUndefined();
    expect(compareEngines([measured('onnxruntime', 0.1, 100), { name: 'tensorflow' }])).toBeUndefined();
  });
});
