import { expect, test } from 'vitest';
import { filterJobs } from '../../../../src/renderer/screens/activity/filter-jobs.ts';
import type { Job, JobStatus } from '../../../../src/shared/jobs/job.ts';

const job = (id: number, status: JobStatus, title: string): Job => ({
  id,
  kind: 'import',
  title,
  status,
  notices: [],
  startedAt: '2026-03-04T05:06:07.000Z',
});

const jobs = [
  job(1, 'running', 'Import reports'),
  job(2, 'completed', 'Import mails'),
  job(3, 'interrupted', 'Import letters'),
  job(4, 'failed', 'Import reports of 2024'),
];
const ids = (...given: Parameters<typeof filterJobs>) => filterJobs(...given).map(({ id }) => id);

test('work is shown by how it stands: what was interrupted counts as failed', () => {
  expect(ids(jobs, 'all', '')).toEqual([1, 2, 3, 4]);
  expect(ids(jobs, 'running', '')).toEqual([1]);
  expect(ids(jobs, 'ended', '')).toEqual([2, 3, 4]);
  expect(ids(jobs, 'failed', '')).toEqual([3, 4]);
});

test('a search needs every word, in any order and either case', () => {
  expect(ids(jobs, 'all', '2024 REPORTS')).toEqual([4]);
  expect(ids(jobs, 'all', '  ')).toEqual([1, 2, 3, 4]);
  expect(ids(jobs, 'running', 'mails')).toEqual([]);
});
