import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import { useObjectives } from '../../client/objectives.ts';
import { Loading } from '../../components/loading.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { IssueNotices } from './issue-notices.tsx';

export interface GoalStepProps {
  /** What the model is to learn by; undefined for the usual. */
  readonly objective: string | undefined;
  readonly issues: readonly ConfigurationIssue[];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  readonly onChange: (objective: ObjectiveDeclaration) => void;
}

/** What the model is for: the objectives that there are. */
export function GoalStep({ objective, issues, onChange, onCorrect }: GoalStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const objectives = useObjectives();
  if (objectives.length === 0) return <Loading />;
  const chosen = objective ?? objectives[0]?.name;
  return (
    <div className="flex flex-col gap-4">
      <Choices legend={t('goalHeading')}>
        {objectives.map((each) => {
          const { name, title, description, goodFor, notFor, needs } = each;
          return (
            <ChoiceCard
              key={name}
              group="goal"
              value={name}
              checked={name === chosen}
              onChoose={() => onChange(each)}
              title={title}
            >
              <span className="block">{description}</span>
              {goodFor !== undefined && (
                <span className="mt-2 block">
                  <span className="font-medium text-ink">{t('goalGood')}: </span>
                  {goodFor}
                </span>
              )}
              {notFor !== undefined && (
                <span className="mt-1 block">
                  <span className="font-medium text-ink">{t('goalNot')}: </span>
                  {notFor}
                </span>
              )}
              {needs !== undefined && (
                <span className="mt-1 block">
                  <span className="font-medium text-ink">{t('goalNeeds')}: </span>
                  {needs.map((need) => t(`goalNeeds_${need}`)).join(' ')}
                </span>
              )}
            </ChoiceCard>
          );
        })}
      </Choices>
      <IssueNotices issues={issues} onCorrect={onCorrect} />
    </div>
  );
}
