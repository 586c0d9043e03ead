import { expect, test } from 'vitest';
import { usualRuns } from '../../../../src/renderer/screens/compare/usual-runs.ts';
import type { RunStatus } from '../../../../src/shared/runs/run.ts';

const run = (name: string, status: RunStatus, day: number) => ({
  name,
  status,
  createdAt: `2026-01-0${day}T00:00:00.000Z`,
});

test('where no runs were chosen the two newest that are done are compared, and none that still trains', () => {
  const runs = [
    run('a', 'completed', 1),
    run('b', 'stopped', 3),
    run('c', 'running', 4),
    run('d', 'completed', 2),
  ];
  expect(usualRuns(runs)).toEqual(['b', 'd']);
  expect(usualRuns(runs.slice(2))).toEqual([]);
});
