import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Diagnostic } from '../../../shared/runs/diagnostic.ts';
import { useRunSequence } from '../../client/changes.ts';
import { client } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { useThrottled } from '../../runs/use-throttled.ts';

const none: readonly Diagnostic[] = [];

/** What is unusual about a run's curves; looked at again every few seconds while it trains. */
export function useDiagnostics(run: string): readonly Diagnostic[] {
  const project = useCurrentProject();
  const sequence = useThrottled(useRunSequence(run), 5000);
  const { data, refetch } = useQuery({
    queryKey: ['run-diagnostics', project, run],
    queryFn: ({ signal }) => client.runs.diagnostics({ name: run }, { signal }),
    gcTime: 10_000,
  });
  useEffect(() => {
    if (sequence > 0) void refetch();
  }, [sequence, refetch]);
  return data ?? none;
}
