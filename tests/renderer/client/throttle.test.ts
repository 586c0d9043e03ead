import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttle } from '../../../src/renderer/client/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('What is asked for often is done at once, then only so often, and at last once more', () => {
  const done: string[] = [];
  const ask = throttle((name: string) => done.push(name), 1000);
  for (let moment = 0; moment < 29; moment++) {
    ask('runs');
    if (moment === 5) ask('chats');
    vi.advanceTimersByTime(100);
  }
  expect(done).toEqual(['runs', 'chats', 'runs', 'runs']);
  vi.advanceTimersByTime(10_000);
  expect(done).toEqual(['runs', 'chats', 'runs', 'runs', 'runs']);
  ask('runs');
  expect(done).toHaveLength(6);
});
