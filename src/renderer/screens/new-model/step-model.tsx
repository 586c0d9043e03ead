import { useQueries, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { settingAt } from '../../../shared/runs/configuration-issue.ts';
import { architectureOf, architectures, modelSetting, presets } from '../../client/architectures.ts';
import { api } from '../../client/client.ts';
import { formatCount, formatParameters } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { IssueNotices } from './issue-notices.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { changesToArchitecture, presetNamed, withPreset, type Plan } from './plan.ts';
import { withPreferredTokenizer } from './preferred-tokenizer.ts';
import { timeRange } from './rough-figures.ts';
import { SettingField, SettingFields } from './setting-field.tsx';
import { plannedRun } from './use-estimate.ts';
import { VocabularySuggestion } from './vocabulary-suggestion.tsx';

export interface ModelStepProps {
  readonly plan: Plan;
  readonly issues: readonly ConfigurationIssue[];
  readonly onPreset: (name: string) => void;
  readonly onOwn: () => void;
  readonly onChange: (changes: readonly SettingChange[]) => void;
  readonly onTokenizer: (name: string | undefined, changes: readonly SettingChange[]) => void;
}

/** How large the model is and how it is built: a preset, or a person's own. */
export function ModelStep({
  plan,
  issues,
  onPreset,
  onOwn,
  onChange,
  onTokenizer,
}: ModelStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const { dataset } = plan;
  const { data: tokenizers = [] } = useQuery(api.tokenizers.list.queryOptions());
  const estimates = useQueries({
    queries: presets().map(({ name, configuration }) =>
      api.runs.estimate.queryOptions({
        input: plannedRun(withPreferredTokenizer(withPreset(plan, name), tokenizers)) ?? {
          dataset: '',
          configuration,
        },
        enabled: dataset !== undefined,
      }),
    ),
  });
  const shared = {
    configuration: plan.configuration,
    preset: presetNamed(plan.preset),
    issues,
    onChange,
  };
  const architecture = architectureOf(plan.configuration);
  const meaningful = (paths: readonly string[] = []): readonly string[] =>
    paths.filter((path) => hasMeaning(path, plan.configuration));
  const further = meaningful(architecture?.further);
  const own = plan.own ? issues.filter(({ severity }) => severity === 'warning') : issues;
  return (
    <div className="flex flex-col gap-4">
      <Choices legend={t('preset')} columns={2}>
        {presets().map(({ name, title, text }, index) => {
          const estimate = estimates[index]?.data?.estimate;
          return (
            <ChoiceCard
              key={name}
              group="preset"
              value={name}
              checked={!plan.own && plan.preset === name}
              onChoose={() => onPreset(name)}
              title={
                <>
                  {title}
                  {title.toLowerCase() !== name && (
                    <span className="font-normal text-ink-faint"> {name}</span>
                  )}
                </>
              }
            >
              <span className="block">{text}</span>
              {estimate !== undefined && (
                <span className="figures mt-1 block text-sm">
                  {t('presetParameters', { parameters: formatParameters(estimate.parameters.total) })}
                  {' · '}
                  {timeRange(estimate.training.seconds, t)}
                  {estimate.training.basis !== 'measured' && ` (${t(`basis_${estimate.training.basis}`)})`}
                </span>
              )}
            </ChoiceCard>
          );
        })}
        <ChoiceCard group="preset" value="own" checked={plan.own} onChoose={onOwn} title={t('own')}>
          {architecture?.ownText} {t('ownFrom')}
        </ChoiceCard>
      </Choices>
      <IssueNotices issues={own} onCorrect={onChange} />
      {plan.own && (
        <Card title={t('architecture')} explain="models.architecture">
          <div className="flex flex-col gap-4">
            {architectures().length > 1 && (
              <ArchitectureChoice configuration={plan.configuration} onChange={onChange} />
            )}
            <SettingFields paths={meaningful(architecture?.usual)} {...shared} />
            {further.length > 0 && (
              <Disclosure title={t('more')}>
                <SettingFields paths={further} {...shared} />
              </Disclosure>
            )}
          </div>
        </Card>
      )}
      <Card title={t('tokenizer')} explain="models.tokenizer">
        <p className="mb-3 text-ink-soft">{t('tokenizerLead')}</p>
        <TokenizerChoice plan={plan} issues={issues} onChange={onChange} onTokenizer={onTokenizer} />
      </Card>
    </div>
  );
}

/** Whether a setting means anything beside the others. */
function hasMeaning(path: string, configuration: unknown): boolean {
  const unless = modelSetting(path, configuration)?.unless;
  if (unless === undefined) return true;
  const other = modelSetting(unless.path, configuration);
  const value = settingAt(configuration, unless.path) ?? other?.default;
  return !unless.values.some((each) => each === value);
}

/** Which kind of model it is, where there are several. */
function ArchitectureChoice({
  configuration,
  onChange,
}: Pick<ModelStepProps, 'onChange'> & { readonly configuration: Plan['configuration'] }): JSX.Element {
  const { t } = useTranslation('new-model');
  const name = architectureOf(configuration)?.name;
  return (
    <Field label={t('architecture')} hint={architectureOf(configuration)?.description}>
      <Select
        value={name ?? null}
        onChange={(next) => {
          if (next !== name) onChange(changesToArchitecture(configuration, next));
        }}
        options={architectures().map((each) => ({
          value: each.name,
          label: each.title,
          hint: each.description,
        }))}
      />
    </Field>
  );
}

/** A new tokenizer of either kind, or one that is there. */
function TokenizerChoice({
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
            preset={presetNamed(plan.preset)}
            issues={issues}
            onChange={onChange}
          />
          <VocabularySuggestion plan={plan} onChange={onChange} />
        </div>
      )}
    </div>
  );
}
