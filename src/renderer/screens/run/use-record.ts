import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RecordKind } from '../../../shared/runs/record.ts';
import { useRunSequence } from '../../client/changes.ts';
import { client } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { useThrottled } from '../../runs/use-throttled.ts';

/** Pages that are held at most: who reads on lets the newest ones go. */
const mostPages = 10;

/** A run's record of some kinds, the newest first, page by page. It follows the run. */
export function useRecord(run: string, kinds: readonly RecordKind[], pageLength: number) {
  const project = useCurrentProject();
  const query = useInfiniteQuery({
    queryKey: ['run-record', project, run, kinds, pageLength],
    queryFn: ({ pageParam, signal }) =>
      client.runs.record(
        {
          run,
          kinds: [...kinds],
          limit: pageLength,
          ...(pageParam === undefined ? {} : { before: pageParam }),
        },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.more ? page.entries.at(-1)?.sequence : undefined),
    maxPages: mostPages,
    gcTime: 10_000,
  });
  const sequence = useThrottled(useRunSequence(run), 1500);
  const { refetch, data } = query;
  const newest = data?.pages[0]?.upTo;
  const stale = newest !== undefined && sequence > newest;
  useEffect(() => {
    if (stale) void refetch();
  }, [stale, sequence, refetch]);
  return { query, entries: data?.pages.flatMap(({ entries }) => entries) ?? [] };
}
