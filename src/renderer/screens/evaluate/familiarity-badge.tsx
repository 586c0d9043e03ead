import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Familiarity } from '../../../shared/evaluations/evaluation.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';

const tones: Readonly<Record<Familiarity, BadgeTone>> = {
  keptAside: 'success',
  new: 'success',
  partlyTrainedOn: 'warning',
  trainedOn: 'warning',
  unknown: 'neutral',
};

/** What a text is to a model, in a word or two. */
export function FamiliarityBadge({ familiarity }: { readonly familiarity: Familiarity }): JSX.Element {
  const { t } = useTranslation('evaluate');
  return <Badge tone={tones[familiarity]}>{t(familiarity)}</Badge>;
}
