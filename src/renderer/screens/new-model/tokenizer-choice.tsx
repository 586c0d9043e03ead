import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { settingAt } from '../../../shared/runs/configuration-issue.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { beginningOf } from './plan.ts';
import { SettingField } from './setting-field.tsx';
import type { ModelStepProps } from './model-step-props.ts';
import { VocabularySuggestion } from './vocabulary-suggestion.tsx';

/** A new tokenizer of either kind, or one that is there. */
export function TokenizerChoice({
  plan,
  issues,
  onChange,
  onTokenizer,
}: Pick<ModelStepProps, 'plan' | 'issues' | 'onChange' | 'onTokenizer'>): JSX.Element {
  const { t } = useTranslation('new-model');
  const { data: tokenizers = [] } = useQuery(api.tokenizers.list.queryOptions());
  const kind = settingAt(plan.configuration, 'tokenizer.kind') === 'char' ? 'char' : 'bpe';
  const value = plan.tokenizer === undefined ? `new ${kind}` : `existing ${plan.tokenizer}`;
  return (
    <div className="grid items-start gap-x-5 gap-y-3.5 sm:grid-cols-2">
      <Field
        label={t('tokenizer')}
        hint={
          plan.tokenizer !== undefined && plan.tokenizerChosen !== true ? t('tokenizerOfText') : undefined
        }
      >
        <Select
          value={value}
          onChange={(next) => {
            const [how = '', ...name] = next.split(' ');
            if (how === 'existing') onTokenizer(name.join(' '), []);
            else onTokenizer(undefined, [{ path: 'tokenizer.kind', value: name.join(' ') }]);
          }}
          options={[
            { value: 'new bpe', label: t('tokenizerNew') },
            { value: 'new char', label: t('tokenizerChar') },
            ...tokenizers.map(({ name, vocabularySize, dataset }) => ({
              value: `existing ${name}`,
              label: t('tokenizerExisting', { name, size: formatCount(vocabularySize) }),
              hint:
                dataset === undefined ? t('tokenizerImportedHint') : t('tokenizerExistingHint', { dataset }),
            })),
          ]}
        />
      </Field>
      {plan.tokenizer === undefined && kind === 'bpe' && (
        <div className="flex flex-col items-start gap-1.5">
          <SettingField
            path="tokenizer.vocabularySize"
            configuration={plan.configuration}
            beginning={beginningOf(plan)}
            issues={issues}
            onChange={onChange}
          />
          <VocabularySuggestion plan={plan} onChange={onChange} />
        </div>
      )}
    </div>
  );
}
