import { expect, test } from 'vitest';
import { inEvaluationTurn } from '../../../src/main/studio/evaluations/evaluation-turns.ts';

const never = new AbortController().signal;

test('measurements are made one after another, in the order in which they were asked for', async () => {
  const order: string[] = [];
  const waited: number[] = [];
  const measure = (name: string): Promise<void> =>
    inEvaluationTurn(
      never,
      (ahead) => void waited.push(ahead),
      async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push(`${name} ends`);
      },
    );
  await Promise.all(['a', 'b', 'c'].map(measure));
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(waited).toEqual([1, 2]);
});

test('one that is stopped while it waits never begins, and those behind it still wait for the one before', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const stop = new AbortController();
  const measuring = [
    inEvaluationTurn(
      never,
      () => undefined,
      async () => {
        await first.promise;
        order.push('first ends');
      },
    ),
    inEvaluationTurn(
      stop.signal,
      () => undefined,
      async () => void order.push('second'),
    ),
    inEvaluationTurn(
      never,
      () => undefined,
      async () => void order.push('third'),
    ),
  ];
  stop.abort(new Error('Stopped.'));
  await expect(measuring[1]).rejects.toThrow('Stopped.');
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(order).toEqual([]);
  first.resolve(undefined);
  await Promise.all([measuring[0], measuring[2]]);
  expect(order).toEqual(['first ends', 'third']);
});

test('one that fails lets the next begin', async () => {
  const failed = inEvaluationTurn(
    never,
    () => undefined,
    () => Promise.reject(new Error('Broken.')),
  );
  await expect(failed).rejects.toThrow('Broken.');
  expect(
    await inEvaluationTurn(
      never,
      () => expect.unreachable(),
      async () => 1,
    ),
  ).toBe(1);
});
