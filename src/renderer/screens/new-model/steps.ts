import type { Contradiction } from '../../../shared/runs/contradiction.ts';

/** The steps of the wizard, in order. */
export const steps = ['goal', 'data', 'model', 'budget', 'review'] as const;
export type Step = (typeof steps)[number];

/** The step in which a setting is changed. */
function stepOf(path: string): Step {
  return path.startsWith('model.') || path.startsWith('tokenizer.') ? 'model' : 'budget';
}

/** The contradictions that can be corrected in a step. */
export function contradictionsOf(
  step: Step,
  contradictions: readonly Contradiction[],
): readonly Contradiction[] {
  return contradictions.filter(({ path }) => stepOf(path) === step);
}
