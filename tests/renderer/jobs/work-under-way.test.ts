import { expect, test } from 'vitest';
import { runningWork } from '../../../src/renderer/jobs/work-under-way.ts';
import type { Job } from '../../../src/shared/jobs/job.ts';
import type { RunSummary } from '../../../src/shared/runs/run.ts';

const job = (id: number, changes: Partial<Job> = {}): Job => ({
  id,
  kind: 'training',
  title: `job ${id}`,
  status: 'running',
  notices: [],
  startedAt: '2026-03-04T05:06:07.000Z',
  ...changes,
});

const run = (name: string, status: RunSummary['status']): RunSummary => ({
  name,
  status,
  dataset: 'texts',
  tokenizer: 'words',
  parameters: 1000,
  step: 10,
  elapsedSeconds: 5,
  createdAt: '2026-03-04T05:06:07.000Z',
  tags: [],
  notes: '',
});

const names = (jobs: readonly Job[], runs: readonly RunSummary[]) =>
  runningWork(jobs, runs).map((work) => (work.kind === 'job' ? work.job.title : work.run.name));

test('what has ended is not under way, and a run whose job is listed is not listed twice', () => {
  expect(
    names(
      [job(1, { subject: { noun: 'run', name: 'mine' } }), job(2, { status: 'completed' })],
      [run('mine', 'running'), run('done', 'completed'), run('by-command-line', 'running')],
    ),
  ).toEqual(['job 1', 'by-command-line']);
});

test('work that waits its turn stands after what is measured', () => {
  expect(
    names(
      [
        job(2, { progress: { stage: 'Waiting for run mine' } }),
        job(1, { progress: { stage: 'Training', done: 3, total: 10 } }),
      ],
      [],
    ),
  ).toEqual(['job 1', 'job 2']);
});

test('a job that prepares a run does not hide that the run trains elsewhere', () => {
  expect(
    names(
      [job(1, { kind: 'preparation', subject: { noun: 'run', name: 'mine' } })],
      [run('mine', 'running')],
    ),
  ).toEqual(['job 1', 'mine']);
});
