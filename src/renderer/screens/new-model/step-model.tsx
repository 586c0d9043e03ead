import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { IssueNotices } from './issue-notices.tsx';
import { ModelFromNothing } from './model-from-nothing.tsx';
import type { ModelStepProps } from './model-step-props.ts';
import { ModelToBeginWith } from './model-to-begin-with.tsx';
import { startModelPath } from './steps.ts';

/** What the run begins with: nothing, and then how large the model is and how it is built; or a model that is there. */
export function ModelStep({
  estimate,
  insists,
  onStart,
  onStartModel,
  ...shared
}: ModelStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const { plan, issues, onChange } = shared;
  const begins = plan.start !== undefined;
  return (
    <div className="flex flex-col gap-4">
      <Choices legend={t('beginning')} columns={2}>
        <ChoiceCard
          group="beginning"
          value="nothing"
          checked={!begins}
          onChoose={() => onStart(false)}
          title={t('fromNothing')}
        >
          {t('fromNothingText')}
        </ChoiceCard>
        <ChoiceCard
          group="beginning"
          value="model"
          checked={begins}
          onChoose={() => onStart(true)}
          title={t('fromModel')}
        >
          {t('fromModelText')}
        </ChoiceCard>
      </Choices>
      {begins ? (
        <ModelToBeginWith
          plan={plan}
          issues={issues}
          estimate={estimate}
          insists={insists}
          onStartModel={onStartModel}
          onChange={onChange}
        />
      ) : (
        <>
          <IssueNotices issues={issues.filter(({ path }) => path === startModelPath)} onCorrect={onChange} />
          <ModelFromNothing {...shared} issues={issues.filter(({ path }) => path !== startModelPath)} />
        </>
      )}
    </div>
  );
}
