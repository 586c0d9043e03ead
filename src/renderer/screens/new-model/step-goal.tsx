import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceCard, Choices } from './choice-card.tsx';

/** What the model is for. Only what runs today is shown. */
export function GoalStep(): JSX.Element {
  const { t } = useTranslation('new-model');
  return (
    <Choices legend={t('goalHeading')}>
      <ChoiceCard group="goal" value="write" checked onChoose={() => undefined} title={t('goalWrite')}>
        <span className="block">{t('goalWriteText')}</span>
        <span className="mt-2 block">
          <span className="font-medium text-ink">{t('goalWriteGood')}: </span>
          {t('goalWriteGoodText')}
        </span>
        <span className="mt-1 block">
          <span className="font-medium text-ink">{t('goalWriteNot')}: </span>
          {t('goalWriteNotText')}
        </span>
      </ChoiceCard>
    </Choices>
  );
}
