import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { settingAt, type SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { suggestedVocabulary } from '../../../shared/tokenizers/vocabulary-suggestion.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import type { Plan } from './plan.ts';

/** The vocabulary that is usual for the chosen text, where the plan has another one. */
export function VocabularySuggestion({
  plan,
  onChange,
}: {
  readonly plan: Plan;
  readonly onChange: (changes: readonly SettingChange[]) => void;
}): JSX.Element | null {
  const { t } = useTranslation('new-model');
  const { data: datasets = [] } = useQuery(api.datasets.list.queryOptions());
  const bytes = datasets.find(({ name }) => name === plan.dataset)?.bytes;
  if (bytes === undefined) return null;
  const size = suggestedVocabulary(bytes);
  if (settingAt(plan.configuration, 'tokenizer.vocabularySize') === size) return null;
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-ink-soft">
      {t('vocabularySuggested', { bytes: formatBytes(bytes), size: formatCount(size) })}
      <Button size="small" onClick={() => onChange([{ path: 'tokenizer.vocabularySize', value: size }])}>
        {t('vocabularyUse', { size: formatCount(size) })}
      </Button>
    </p>
  );
}
