import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectives } from '../../client/objectives.ts';
import { Loading } from '../../components/loading.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';

export interface GoalStepProps {
  /** What the model is to learn by; undefined for the usual. */
  readonly objective: string | undefined;
  readonly onChange: (objective: string) => void;
}

/** What the model is for: the objectives that there are. */
export function GoalStep({ objective, onChange }: GoalStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const objectives = useObjectives();
  if (objectives.length === 0) return <Loading />;
  const chosen = objective ?? objectives[0]?.name;
  return (
    <Choices legend={t('goalHeading')}>
      {objectives.map(({ name, title, description, goodFor, notFor }) => (
        <ChoiceCard
          key={name}
          group="goal"
          value={name}
          checked={name === chosen}
          onChoose={() => onChange(name)}
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
        </ChoiceCard>
      ))}
    </Choices>
  );
}
