import type { Calibration, PlanChange } from '../../../shared/runs/events.ts';

/** The steps that a run was planned with, and what became of that plan. */
export type StepPlan = Pick<Calibration, 'steps' | 'changes'>;

/** Optimizer steps that the run is to have, as things stand. */
export function plannedSteps({ steps, changes }: StepPlan): number {
  return changes?.at(-1)?.steps ?? steps;
}

/**
 * Where step `step` stands in the learning-rate schedule, which is laid over the steps first planned. Up to the first
 * change that is the step itself. From a change on, what was left of the schedule is spread evenly over the steps that
 * are left: the step of the change keeps its learning rate, and the last step has the schedule's last.
 */
export function positionInSchedule(step: number, { steps, changes = [] }: StepPlan): number {
  let from = 0;
  let position = 0;
  let end = steps;
  for (const change of changes) {
    if (step <= change.step) break;
    position += (change.step - from) * ((steps - position) / (end - from));
    from = change.step;
    end = change.steps;
  }
  return position + (step - from) * ((steps - position) / (end - from));
}

/** Adds a change of plan. */
export function withPlanChange(calibration: Calibration, change: PlanChange): Calibration {
  return { ...calibration, changes: [...(calibration.changes ?? []), change] };
}

/**
 * Of what a checkpoint says of the plan and what the run's record says, that which knows more changes: the record of a
 * run that was killed knows of those since its last checkpoint, and they come at the same steps again.
 */
export function fullerPlan(saved: Calibration, recorded: Calibration | undefined): Calibration {
  const changes = recorded?.changes ?? [];
  return changes.length > (saved.changes?.length ?? 0) && recorded?.steps === saved.steps
    ? { ...saved, changes }
    : saved;
}
