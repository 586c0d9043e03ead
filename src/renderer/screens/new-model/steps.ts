import type { ConfigurationIssue } from '../../../shared/runs/configuration-issue.ts';

/** The steps of the wizard, in order. */
export const steps = ['goal', 'data', 'model', 'budget', 'review'] as const;
export type Step = (typeof steps)[number];

/** The step in which a setting is changed. */
function stepOf(path: string): Step {
  return path.startsWith('model.') || path.startsWith('tokenizer.') ? 'model' : 'budget';
}

/** The issues that can be corrected in a step. */
export function issuesOf(step: Step, issues: readonly ConfigurationIssue[]): readonly ConfigurationIssue[] {
  return issues.filter(({ path }) => stepOf(path) === step);
}
