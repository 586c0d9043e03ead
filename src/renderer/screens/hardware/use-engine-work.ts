import { useMutation, useQuery, useQueryClient, type UseMutationOptions } from '@tanstack/react-query';
import type { EngineWork } from '../../../shared/engines/contract.ts';
import { api } from '../../client/client.ts';

/** How often work under way is asked for, in milliseconds. */
const interval = 500;

/** How often it is looked whether another window or program has begun or ended some, in milliseconds. */
const idleInterval = 5000;

/** Work on the engines of the machine, which belongs to no project and so to no list of jobs. */
export function useEngineWork(): EngineWork | undefined {
  const { data } = useQuery({
    ...api.engines.work.queryOptions(),
    refetchInterval: (query) => (query.state.data?.status === 'running' ? interval : idleInterval),
  });
  return data ?? undefined;
}

/** Begins work on engines, and has the page follow it. */
export function useStartEngineWork<Input>(options: UseMutationOptions<unknown, Error, Input>) {
  const queries = useQueryClient();
  return useMutation({
    ...options,
    onSettled: () => queries.invalidateQueries({ queryKey: api.engines.work.key() }),
  });
}
