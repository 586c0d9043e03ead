import type { ConfigurationIssue } from '../../../shared/runs/configuration-issue.ts';
import { methodPath } from './training-method.ts';

/** Where issues of the model that a run begins with stand. */
export const startModelPath = 'from';

/** The setting that says how many of the topmost layers learn. */
export const learningLayersPath = 'training.trainedLayers';

/** The steps of the wizard, in order. */
export const steps = ['goal', 'data', 'model', 'budget', 'review'] as const;
export type Step = (typeof steps)[number];

/** The step in which a setting is changed, or the model chosen that the run begins with. */
function stepOf(path: string): Step {
  const [group] = path.split('.');
  if (group === 'objective') return 'goal';
  const ofModel = group === 'model' || group === 'tokenizer' || group === startModelPath;
  const ofLearning = path === learningLayersPath || path === methodPath || path.startsWith('training.lora');
  return ofModel || ofLearning ? 'model' : 'budget';
}

/** The issues that can be corrected in a step. */
export function issuesOf(step: Step, issues: readonly ConfigurationIssue[]): readonly ConfigurationIssue[] {
  return issues.filter(({ path }) => stepOf(path) === step);
}
