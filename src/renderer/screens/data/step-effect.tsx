import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecipeStepEffect } from '../../../shared/datasets/recipe.ts';
import { formatCount } from '../../format/format.ts';

/** What a step did to the documents, in words. */
export function StepEffect({ effect }: { readonly effect: RecipeStepEffect }): JSX.Element {
  const { t } = useTranslation('data');
  const { before, after, changed, missing } = effect;
  const counts = (count: number) => ({ count, counted: formatCount(count) });
  const parts = [
    ...(after < before ? [t('stepLeftOut', counts(before - after))] : []),
    ...(after > before ? [t('stepTakenIn', counts(after - before))] : []),
    ...(changed > 0 ? [t('stepChanged', counts(changed))] : []),
  ];
  return (
    <span>
      {parts.length > 0 ? parts.join(', ') : effect.step.kind !== 'mapColumns' && t('stepNothing')}
      {missing > 0 && <span className="block text-warning">{t('stepMissing', counts(missing))}</span>}
    </span>
  );
}
