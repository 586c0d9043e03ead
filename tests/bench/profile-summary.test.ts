import { expect, test } from 'vitest';
import { summarizeProfiles, type ProfileEvent } from '../../bench/harness/profile-summary.ts';

const run = (ts: number, dur: number): ProfileEvent => ({ cat: 'Session', name: 'model_run', ts, dur });

function node(
  ts: number,
  dur: number,
  operator: string,
  inputs: readonly number[][],
  output: readonly number[],
) {
  return {
    cat: 'Node',
    name: `${operator}_7_kernel_time`,
    ts,
    dur,
    args: {
      op_name: operator,
      activation_size: '1000',
      parameter_size: '0',
      output_size: '500',
      input_type_shape: inputs.map((float) => ({ float })),
      output_type_shape: [{ float: output }],
    },
  } satisfies ProfileEvent;
}

test('A profile is summed over the steps after the warm-up', () => {
  const product = (ts: number, dur: number) => node(ts, dur, 'Gemm', [[2, 3], [4, 3], [4]], [2, 4]);
  const once = [
    run(0, 9000),
    product(1, 8000),
    run(10_000, 3000),
    product(10_001, 2000),
    run(20_000, 5000),
    product(20_001, 4000),
  ];
  const twice = [0, 1, 2, 3, 4, 5].flatMap((index) => [
    run(index * 1000, 800),
    node(index * 1000 + 1, 500, 'Add', [[8], [8]], [8]),
  ]);
  const { runMilliseconds, operators } = summarizeProfiles([once, twice], 3, 1);
  expect(runMilliseconds).toBeCloseTo((3 + 5 + 4 * 0.8) / 2);
  expect(operators).toEqual([
    {
      operator: 'Gemm',
      milliseconds: 3,
      calls: 1,
      bytes: 1500,
      flops: expect.closeTo(2 * 2 * 3 * 4) as number,
    },
    { operator: 'Add', milliseconds: 1, calls: 2, bytes: 3000, flops: 0 },
  ]);
});

test('The operations of a batched product follow from its shapes, with a right side for each and one for all', () => {
  const flops = (right: readonly number[]) =>
    summarizeProfiles(
      [[run(0, 9), node(1, 5, 'FusedMatMul', [[2, 5, 3, 7], [...right]], [2, 5, 3, 4])]],
      1,
      0,
    ).operators[0]?.flops;
  expect(flops([2, 5, 7, 4])).toBeCloseTo(2 * 10 * 3 * 7 * 4);
  expect(flops([7, 4])).toBeCloseTo(2 * 10 * 3 * 7 * 4);
});

test('A program that was compiled and not run counts for nothing', () => {
  expect(summarizeProfiles([[{ cat: 'Session', name: 'model_loading', ts: 0, dur: 5 }]], 2, 1)).toEqual({
    runMilliseconds: 0,
    operators: [],
    places: [],
  });
});
