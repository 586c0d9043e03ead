import { useQuery } from '@tanstack/react-query';
import { api } from '../client/client.ts';
import { runningWork, type RunningWork } from './work-under-way.ts';

/** What is under way in the current project, kept up to date. */
export function useRunningWork(): readonly RunningWork[] {
  const jobs = useQuery(api.jobs.list.queryOptions());
  const runs = useQuery(api.runs.list.queryOptions());
  return runningWork(jobs.data ?? [], runs.data ?? []);
}
