import type { JSX } from 'react';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { withoutStart, withStart, withStartModel } from './plan-start.ts';
import {
  withChanges,
  withMinutes,
  withObjective,
  withPreset,
  withPresetBudget,
  withSteps,
  type Plan,
} from './plan.ts';
import { BudgetStep } from './step-budget.tsx';
import { DataStep } from './step-data.tsx';
import { GoalStep } from './step-goal.tsx';
import { ModelStep } from './step-model.tsx';
import { ReviewStep } from './step-review.tsx';
import { issuesOf, type Step } from './steps.ts';
import type { PlanEstimate } from './use-estimate.ts';
import type { PlanControl } from './use-plan.ts';

export interface StepContentProps {
  readonly step: Step;
  readonly plan: Plan;
  readonly change: PlanControl['change'];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  readonly estimate: PlanEstimate;
  readonly issues: readonly ConfigurationIssue[];
  /** Whether the person meant to go on, and something is missing or wrong. */
  readonly insists: boolean;
  readonly wrongName: string | undefined;
  readonly onName: (name: string) => void;
  /** Leads to the choice of a text, while there is none. */
  readonly onChooseText: (() => void) | undefined;
  /** Leads to the choice of the model to begin with, while there is none. */
  readonly onChooseModel: (() => void) | undefined;
}

/** What is asked in a step, and what an answer changes of the plan. */
export function StepContent({
  step,
  plan,
  change,
  onCorrect,
  estimate,
  issues,
  insists,
  wrongName,
  onName,
  onChooseText,
  onChooseModel,
}: StepContentProps): JSX.Element {
  switch (step) {
    case 'goal':
      return (
        <GoalStep
          objective={plan.configuration.objective}
          issues={issuesOf('goal', issues)}
          onCorrect={onCorrect}
          onChange={(objective) => change('objective', (before) => withObjective(before, objective))}
        />
      );
    case 'data':
      return (
        <DataStep
          dataset={plan.dataset}
          onChange={(dataset) => change('dataset', (before) => ({ ...before, dataset }))}
        />
      );
    case 'model':
      return (
        <ModelStep
          plan={plan}
          issues={issuesOf('model', issues)}
          estimate={estimate.answer?.estimate}
          insists={insists}
          onStart={(begins) => change('start', begins ? withStart : withoutStart)}
          onStartModel={(model) => change('start model', (before) => withStartModel(before, model))}
          onPreset={(name) => change('preset', (before) => withPreset(before, name))}
          onOwn={() => change('preset', (before) => ({ ...before, own: true }))}
          onChange={onCorrect}
          onTokenizer={(tokenizer, changes) =>
            change('tokenizer', (before) => {
              const { tokenizer: _, ...changed } = withChanges(before, changes);
              return { ...changed, tokenizerChosen: true, ...(tokenizer === undefined ? {} : { tokenizer }) };
            })
          }
        />
      );
    case 'budget':
      return (
        <BudgetStep
          plan={plan}
          issues={issuesOf('budget', issues)}
          onPresetBudget={() => change('budget', withPresetBudget)}
          onMinutes={(budget, minutes) => change('budget', (before) => withMinutes(before, budget, minutes))}
          onSteps={(count) => change('budget', (before) => withSteps(before, count))}
          onChange={onCorrect}
        />
      );
    case 'review':
      return (
        <ReviewStep
          plan={plan}
          estimate={estimate.answer?.estimate}
          issues={issues}
          onChange={onCorrect}
          wrongName={wrongName}
          onChooseText={onChooseText}
          onChooseModel={onChooseModel}
          onName={onName}
        />
      );
    default:
      return step satisfies never;
  }
}
