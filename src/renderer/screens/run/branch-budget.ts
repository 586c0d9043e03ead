import type { RunDetails } from '../../../shared/runs/run-details.ts';
import type { RunParent } from '../../../shared/runs/run.ts';

/** How long a branch trains: so many steps in all, or so many minutes from where it begins. */
export interface BranchBudget {
  readonly unit: 'steps' | 'minutes';
  /** Null while the field is empty. */
  readonly value: number | null;
}

type Beginning = Pick<RunParent, 'step' | 'takes'>;
type Parent = Pick<RunDetails, 'configuration' | 'steps'>;
type Changes = Readonly<Record<string, unknown>>;

const steps = 'training.steps';
const minutes = 'training.minutes';

/** The budget among changes by their places, as a diagnostic suggests it. */
export function budgetIn(changes: Changes): BranchBudget | undefined {
  const { [steps]: inSteps, [minutes]: inMinutes } = changes;
  if (typeof inSteps === 'number') return { unit: 'steps', value: inSteps };
  return typeof inMinutes === 'number' ? { unit: 'minutes', value: inMinutes } : undefined;
}

/** The changes that are none of the budget. */
export function withoutBudget(changes: Changes): Changes {
  const { [steps]: _steps, [minutes]: _minutes, ...others } = changes;
  return others;
}

/**
 * What a branch is offered: the parent's own budget, so that without a change it repeats the parent, unless nothing of
 * that is left to be trained from the checkpoint; then more.
 */
export function usualBudget(parent: Parent, begin: Beginning, unit?: BranchBudget['unit']): BranchBudget {
  const { training } = parent.configuration;
  const planned = training.steps ?? parent.steps;
  const isOver = begin.takes === 'everything' && planned !== undefined && planned <= begin.step;
  const usual = unit ?? (training.minutes !== undefined && !isOver ? 'minutes' : 'steps');
  if (usual === 'minutes') return { unit: usual, value: training.minutes ?? 30 };
  return { unit: usual, value: isOver || planned === undefined ? 2 * Math.max(1, begin.step) : planned };
}

/** Whether the branch would end where it begins. */
export function trainsNothing({ unit, value }: BranchBudget, { step, takes }: Beginning): boolean {
  return unit === 'steps' && takes === 'everything' && value !== null && value <= step;
}

/** The change that the budget is, where it is not the parent's. */
export function budgetChange(parent: Parent, { unit, value }: BranchBudget): Changes {
  const { training } = parent.configuration;
  const before = unit === 'steps' ? training.steps : training.minutes;
  return value === null || value === before ? {} : { [unit === 'steps' ? steps : minutes]: value };
}
