import { useQueries, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { architectureOf, architectures, presetsFor } from '../../client/architectures.ts';
import { useObjectives } from '../../client/objectives.ts';
import { api } from '../../client/client.ts';
import { formatParameters } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { ChoiceCard, Choices } from './choice-card.tsx';
import { IssueNotices } from './issue-notices.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { meaningfulSettings } from './meaningful-settings.ts';
import { beginningOf, changesToArchitecture, withPreset, type Plan } from './plan.ts';
import { withPreferredTokenizer } from './preferred-tokenizer.ts';
import { timeRange } from './rough-figures.ts';
import { SettingFields } from './setting-field.tsx';
import type { ModelStepProps } from './model-step-props.ts';
import { TokenizerChoice } from './tokenizer-choice.tsx';
import { plannedRun } from './use-estimate.ts';

/** How large a new model is and how it is built: a preset, or a person's own. */
export function ModelFromNothing({
  plan,
  issues,
  onPreset,
  onOwn,
  onChange,
  onTokenizer,
}: Pick<ModelStepProps, 'plan' | 'issues' | 'onPreset' | 'onOwn' | 'onChange' | 'onTokenizer'>): JSX.Element {
  const { t } = useTranslation('new-model');
  const { dataset } = plan;
  const { data: tokenizers = [] } = useQuery(api.tokenizers.list.queryOptions());
  const objectives = useObjectives();
  const { objective: wanted = objectives[0]?.name } = plan.configuration;
  const task = objectives.find(({ name }) => name === wanted)?.task;
  const offered = presetsFor(task);
  const estimates = useQueries({
    queries: offered.map(({ name, configuration }) =>
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
    beginning: beginningOf(plan),
    issues,
    onChange,
  };
  const architecture = architectureOf(plan.configuration);
  const meaningful = (paths: readonly string[] = []): readonly string[] =>
    meaningfulSettings(paths, plan.configuration);
  const further = meaningful(architecture?.further);
  const own = plan.own ? issues.filter(({ severity }) => severity === 'warning') : issues;
  return (
    <>
      <Choices legend={t('preset')} columns={2}>
        {offered.map(({ name, title, text }, index) => {
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
    </>
  );
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
