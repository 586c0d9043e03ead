import { useQueries } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  settingAt,
  type ConfigurationIssue,
  type SettingChange,
} from '../../../shared/runs/configuration-issue.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { IssueNotices } from './issue-notices.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import {
  beginningOf,
  budgets,
  minutesOfBudget,
  withMinutes,
  withPresetBudget,
  type Budget,
  type Plan,
} from './plan.ts';
import { roughTime, rounded } from './rough-figures.ts';
import { SettingFields } from './setting-field.tsx';
import { plannedRun } from './use-estimate.ts';

const minutesInAnHour = 60;

/** The further settings of training, by what they are about. */
const groups = [
  {
    name: 'learning',
    paths: [
      'training.learningRate',
      'training.minimumLearningRate',
      'training.schedule',
      'training.warmupSteps',
      'training.decayFraction',
      'training.batchSize',
      'training.weightDecay',
      'training.gradientClipping',
      'training.beta1',
      'training.beta2',
      'training.epsilon',
      'training.seed',
    ],
  },
  {
    name: 'evaluation',
    paths: [
      'training.evaluationInterval',
      'training.evaluationTokens',
      'training.checkpointInterval',
      'training.keepCheckpoints',
      'training.earlyStoppingPatience',
    ],
  },
  {
    name: 'samples',
    paths: [
      'training.sample.prompt',
      'training.sample.maximumTokens',
      'training.sample.temperature',
      'training.sample.topK',
    ],
  },
  { name: 'data', paths: ['data.validationFraction', 'data.split'] },
  {
    name: 'machine',
    paths: [
      'engine.name',
      'training.microBatchSize',
      'training.gradientCheckpointing',
      'training.lossChunks',
      'engine.threads',
      'engine.freeCores',
    ],
  },
  {
    name: 'safety',
    paths: ['training.guard.lossSpike', 'training.guard.action', 'training.guard.maximumRollbacks'],
  },
] as const;

export interface BudgetStepProps {
  readonly plan: Plan;
  readonly issues: readonly ConfigurationIssue[];
  readonly onPresetBudget: () => void;
  readonly onMinutes: (budget: Budget, minutes: number) => void;
  readonly onSteps: (steps: number) => void;
  readonly onChange: (changes: readonly SettingChange[]) => void;
}

/** How long to train, and everything that decides how it learns. */
export function BudgetStep({
  plan,
  issues,
  onPresetBudget,
  onMinutes,
  onSteps,
  onChange,
}: BudgetStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const outcomes = useOutcomes(plan);
  const { kind } = beginningOf(plan);
  const steps = settingAt(plan.configuration, 'training.steps');
  const minutes = settingAt(plan.configuration, 'training.minutes');
  const choose = (budget: Budget): void => {
    switch (budget) {
      case 'preset':
        return onPresetBudget();
      case 'ten':
      case 'hour':
      case 'night':
        return onMinutes(budget, minutesOfBudget[budget]);
      case 'minutes':
        return onMinutes(budget, typeof minutes === 'number' ? minutes : 30);
      case 'steps':
        return onSteps(typeof steps === 'number' ? steps : (outcomes.get(plan.budget)?.steps ?? 2000));
      default:
        return budget satisfies never;
    }
  };
  return (
    <div className="flex flex-col gap-4">
      <Choices legend={t('budget')} columns={2}>
        {budgets.map((budget) => {
          const outcome = outcomes.get(budget);
          return (
            <ChoiceCard
              key={budget}
              group="budget"
              value={budget}
              checked={plan.budget === budget}
              onChoose={() => choose(budget)}
              title={t(budget === 'preset' ? `budget_${kind}` : `budget_${budget}`)}
              mark={budget === 'preset' ? outcome?.time : undefined}
            >
              {t(budget === 'preset' ? `budgetText_${kind}` : `budgetText_${budget}`)}
              {outcome !== undefined && (
                <span className="figures block text-sm">
                  {t(outcome.exact ? 'budgetOutcomeExact' : 'budgetOutcome', {
                    count: outcome.steps,
                    steps: formatCount(outcome.exact ? outcome.steps : rounded(outcome.steps)),
                  })}
                </span>
              )}
            </ChoiceCard>
          );
        })}
      </Choices>
      {plan.budget === 'minutes' && typeof minutes === 'number' && (
        <OwnTime minutes={minutes} onMinutes={(next) => onMinutes('minutes', next)} />
      )}
      {plan.budget === 'steps' && (
        <div className="max-w-64">
          <Field label={t('stepsField')} setting="training.steps">
            <NumberInput
              value={typeof steps === 'number' ? steps : null}
              onChange={(next) => {
                if (next !== null) onSteps(next);
              }}
              min={1}
              step={100}
            />
          </Field>
        </div>
      )}
      <IssueNotices issues={issues} onCorrect={onChange} />
      <Card title={t('training')}>
        <p className="mb-2 text-ink-soft">{t('trainingLead')}</p>
        <div className="flex flex-col gap-1.5">
          {groups.map(({ name, paths }) => (
            <Disclosure key={name} title={t(`group_${name}`)}>
              <div className="pb-3">
                <SettingFields
                  paths={paths}
                  configuration={plan.configuration}
                  beginning={beginningOf(plan)}
                  issues={issues}
                  onChange={onChange}
                />
              </div>
            </Disclosure>
          ))}
        </div>
      </Card>
    </div>
  );
}

/** A time of a person's own, in minutes or hours. */
function OwnTime({
  minutes,
  onMinutes,
}: {
  readonly minutes: number;
  readonly onMinutes: (minutes: number) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const inHours = minutes >= minutesInAnHour && minutes % minutesInAnHour === 0;
  const unit = inHours ? minutesInAnHour : 1;
  return (
    <div className="flex max-w-96 items-end gap-2">
      <Field label={t('amount')} setting="training.minutes" className="flex-1">
        <NumberInput
          value={minutes / unit}
          onChange={(next) => {
            // No time at all is refused in words, beside the field.
            if (next !== null) onMinutes(next * unit);
          }}
          min={0}
          step={inHours ? 1 : 5}
        />
      </Field>
      <Select
        label={t('unit')}
        value={inHours ? 'hours' : 'minutes'}
        onChange={(next) => onMinutes(next === 'hours' ? (minutes / unit) * minutesInAnHour : minutes / unit)}
        options={[
          { value: 'minutes', label: t('minutes') },
          { value: 'hours', label: t('hours') },
        ]}
        className="w-32!"
      />
    </div>
  );
}

interface Outcome {
  readonly steps: number;
  readonly time: string;
  readonly exact: boolean;
}

/** What comes of the budgets that are more than a word, for the plan as it is. */
function useOutcomes(plan: Plan): ReadonlyMap<Budget, Outcome> {
  const plans = [
    { budget: 'preset' as const, plan: withPresetBudget(plan) },
    ...(['ten', 'hour', 'night'] as const).map((budget) => ({
      budget,
      plan: withMinutes(plan, budget, minutesOfBudget[budget]),
    })),
  ];
  const answers = useQueries({
    queries: plans.map((each) => {
      const input = plannedRun(each.plan);
      return api.runs.estimate.queryOptions({
        input: input ?? { dataset: '', configuration: {} },
        enabled: input !== undefined,
        gcTime: 60_000,
      });
    }),
  });
  return new Map(
    plans.flatMap(({ budget }, index): readonly [Budget, Outcome][] => {
      const training = answers[index]?.data?.estimate?.training;
      return training === undefined
        ? []
        : [
            [
              budget,
              {
                steps: training.steps,
                time: roughTime(training.seconds.expected),
                exact: budget === 'preset',
              },
            ],
          ];
    }),
  );
}
