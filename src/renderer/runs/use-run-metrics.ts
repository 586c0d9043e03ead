import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { MetricSeries, Metrics } from '../../shared/runs/metrics.ts';
import { useRunSequence } from '../client/changes.ts';
import { client } from '../client/client.ts';
import { useCurrentProject } from '../client/current-project.ts';
import { useDebounced } from '../client/use-debounced.ts';
import { useThrottled } from './use-throttled.ts';

/** A stretch of a run, in steps. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** How often curves of a run that trains are fetched anew, in milliseconds. */
const refreshInterval = 1000;
/** Points of a curve across what is shown. */
const shownBuckets = 650;

/**
 * A run's curves over what is shown and as much again on each side, so that moving them shows something at once. The page
 * holds one such answer, however long the run.
 */
export function useRunMetrics(
  run: string,
  series: readonly MetricSeries[],
  range: StepRange | undefined,
): { readonly metrics: Metrics | undefined; readonly error: unknown; readonly retry: () => void } {
  const project = useCurrentProject();
  const settled = useDebounced(range, 120);
  const input = metricsInput(run, series, settled);
  const query = useQuery({
    // Not under `runs`: whatever changes about runs must not fetch every curve again.
    queryKey: ['run-metrics', project, input],
    queryFn: ({ signal }) => client.runs.metrics(input, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  const sequence = useThrottled(useRunSequence(run), refreshInterval);
  const { refetch, data } = query;
  const stale = data !== undefined && sequence > data.upTo;
  useEffect(() => {
    if (stale) void refetch();
  }, [stale, sequence, refetch]);
  // A stretch that cannot be read leaves what was there before, and the way back to it.
  const known = useRef(data);
  if (data !== undefined) known.current = data;
  return { metrics: data ?? known.current, error: query.error, retry: () => void refetch() };
}

export function metricsInput(run: string, series: readonly MetricSeries[], range: StepRange | undefined) {
  if (range === undefined) return { run, series: [...series], buckets: shownBuckets };
  const width = range.to - range.from;
  return {
    run,
    series: [...series],
    fromStep: Math.max(0, Math.floor(range.from - width)),
    toStep: Math.max(1, Math.ceil(range.to + width)),
    // What is shown and as much on each side.
    buckets: 3 * shownBuckets,
  };
}
