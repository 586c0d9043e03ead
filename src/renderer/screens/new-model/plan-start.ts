import type { StartModelCard } from '../../../shared/runs/start-model.ts';
import { beginAnew, withChanges, type Plan } from './plan.ts';
import { changesToMethod } from './training-method.ts';

/** The plan is to begin with a model, which is yet to be chosen. */
export function withStart(plan: Plan): Plan {
  return plan.start === undefined ? { ...plan, start: {} } : plan;
}

/** Begins with nothing, as the plan's preset does; where no model was chosen yet, with the settings as they are. */
export function withoutStart(plan: Plan): Plan {
  const { start, ...rest } = plan;
  return start?.model === undefined
    ? withChanges(rest, changesToMethod(rest.configuration, 'full'))
    : beginAnew(rest);
}

/** Begins with this model: its settings and tokenizer are the plan's. */
export function withStartModel(plan: Plan, model: StartModelCard): Plan {
  return beginAnew({ ...plan, start: { model } });
}

/** Whether a plan begins with a model that is not chosen yet. */
export function lacksStartModel({ start }: Plan): boolean {
  return start !== undefined && start.model === undefined;
}
