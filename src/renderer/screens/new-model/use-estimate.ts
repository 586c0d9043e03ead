import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { EstimateAnswer } from '../../../shared/runs/estimate.ts';
import { api } from '../../client/client.ts';
import { useDebounced } from '../../client/use-debounced.ts';
import { lacksStartModel } from './plan-start.ts';
import type { Plan } from './plan.ts';

/** How long after a change the studio is asked, in milliseconds: short enough to follow typing. */
const delay = 120;

/** A plan as the studio takes it; undefined while no text is chosen, or not the model that it is to begin with. */
export function plannedRun(plan: Plan): PlannedRun | undefined {
  const { dataset, tokenizer, start, configuration } = plan;
  if (dataset === undefined || lacksStartModel(plan)) return undefined;
  const from = start?.model?.reference;
  return {
    dataset,
    configuration,
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(from === undefined ? {} : { from }),
  };
}

export interface PlanEstimate {
  readonly answer: EstimateAnswer | undefined;
  readonly error: Error | null;
  /** Whether what is shown belongs to an earlier state of the plan. */
  readonly stale: boolean;
}

/** What a plan would take and give, following changes. */
export function useEstimate(plan: Plan): PlanEstimate {
  const delayed = useDebounced(plan, delay);
  const input = plannedRun(delayed);
  const { data, error, isFetching } = useQuery(
    api.runs.estimate.queryOptions({
      // Without a text or a model nothing is asked.
      input: input ?? { dataset: '', configuration: {} },
      enabled: input !== undefined,
      placeholderData: keepPreviousData,
      // Engines may have been installed, measured or chosen elsewhere since it was reckoned.
      refetchOnMount: 'always',
      gcTime: 60_000,
    }),
  );
  return { answer: input === undefined ? undefined : data, error, stale: isFetching || delayed !== plan };
}
