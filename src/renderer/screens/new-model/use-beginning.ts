import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { client } from '../../client/client.ts';
import { toastError } from '../../components/toast.tsx';
import { withStart, withStartModel } from './plan-start.ts';
import { planOfRun, type Plan } from './plan.ts';
import { likelyText } from './text-size.ts';
import type { PlanControl } from './use-plan.ts';

/** The model that a run began with. Where it is gone, that is told, and another is to be chosen. */
async function startOf(reference: string | undefined): Promise<Plan['start']> {
  if (reference === undefined) return undefined;
  try {
    return { model: await client.runs.startModel({ reference }) };
  } catch (error) {
    toastError(error);
    return {};
  }
}

/** What a plan begins with: the likely text, until a person chooses another, and whatever a link brings along. */
export function useBeginning(
  { plan, change }: Pick<PlanControl, 'plan' | 'change'>,
  datasets: readonly DatasetSummary[] | undefined,
): void {
  const search = useSearch({ from: '/project/new-model' });
  const navigate = useNavigate({ from: '/new-model' });
  const chooseText = useEffectEvent((name: string) => {
    if (plan.dataset === undefined) change('dataset', (before) => ({ ...before, dataset: name }));
  });
  const likely = datasets === undefined ? undefined : likelyText(datasets)?.name;
  useEffect(() => {
    if (likely !== undefined) chooseText(likely);
  }, [likely]);

  // What a link brings along is taken over once, and then belongs to the plan.
  const takeOver = useEffectEvent(async ({ dataset, from: run, model }: typeof search) => {
    if (model !== undefined) {
      const start = await startOf(model);
      const card = start?.model;
      change('start', (before) => (card === undefined ? withStart(before) : withStartModel(before, card)));
    } else if (run !== undefined) {
      try {
        const details = await client.runs.show({ name: run });
        const start = await startOf(details.provenance.startModel?.reference);
        change('from', () => planOfRun(details, start));
      } catch (error) {
        toastError(error);
      }
    } else if (dataset !== undefined) change('dataset', (before) => ({ ...before, dataset }));
    void navigate({ search: { step: search.step }, replace: true });
  });
  useEffect(() => {
    const brings = [search.dataset, search.from, search.model].some((each) => each !== undefined);
    if (brings) void takeOver(search);
  }, [search.dataset, search.from, search.model]);
}
