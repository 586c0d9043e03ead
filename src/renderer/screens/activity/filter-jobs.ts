import type { Job } from '../../../shared/jobs/job.ts';

export type JobFilter = 'all' | 'running' | 'ended' | 'failed';

function fits({ status }: Job, filter: JobFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return status === 'running';
    case 'ended':
      return status !== 'running';
    case 'failed':
      return status === 'failed' || status === 'interrupted';
  }
}

/** The jobs of a status whose title or subject holds every word that is searched for. */
export function filterJobs(jobs: readonly Job[], filter: JobFilter, search: string): readonly Job[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs.filter((job) => {
    const text = `${job.title} ${job.kind} ${job.subject?.name ?? ''}`.toLowerCase();
    return fits(job, filter) && words.every((word) => text.includes(word));
  });
}
