import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { Job } from '../../shared/jobs/job.ts';
import { api } from '../client/client.ts';

/** Follows a job and does something once, when it has ended. */
export function useJobEnd(job: number, onEnd: (job: Job) => void): Job | undefined {
  const { data } = useQuery(api.jobs.show.queryOptions({ input: { id: job } }));
  const status = data?.status;
  const tell = useEffectEvent(() => {
    if (data !== undefined) onEnd(data);
  });
  useEffect(() => {
    if (status !== undefined && status !== 'running') tell();
  }, [status]);
  return data;
}
