import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { architectureOf, explainSetting } from '../../client/architectures.ts';
import { settingAt } from '../../../shared/runs/configuration-issue.ts';
import { formatCount, formatParameters } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { IssueNotices } from './issue-notices.tsx';
import { LearningPart } from './learning-part.tsx';
import { meaningfulSettings } from './meaningful-settings.ts';
import { beginningOf } from './plan.ts';
import { SettingFields, shownValue } from './setting-field.tsx';
import { StartModelChoice } from './start-model-choice.tsx';
import type { ModelStepProps } from './model-step-props.ts';
import { learningLayersPath, startModelPath } from './steps.ts';
import { adapterPaths, methodOf, methodPath } from './training-method.ts';

/** The model that a run begins with: which it is, what it is like, and what of it the run changes. */
export function ModelToBeginWith({
  plan,
  issues,
  estimate,
  insists,
  onStartModel,
  onChange,
}: Pick<
  ModelStepProps,
  'plan' | 'issues' | 'estimate' | 'insists' | 'onStartModel' | 'onChange'
>): JSX.Element {
  const { t } = useTranslation('new-model');
  const model = plan.start?.model;
  const adjustable = model?.adjustable ?? [];
  const ofAdapters = methodOf(plan.configuration) === 'lora' ? adapterPaths : [];
  const besideFields = new Set<string>([
    startModelPath,
    learningLayersPath,
    methodPath,
    ...ofAdapters,
    ...adjustable,
  ]);
  const refusals = issues.filter(({ path, severity }) => path === startModelPath && severity === 'error');
  const others = issues.filter(({ path, severity }) => severity === 'warning' || !besideFields.has(path));
  return (
    <>
      <StartModelChoice
        objective={plan.configuration.objective}
        model={model}
        refusals={refusals}
        insists={insists}
        onChoose={onStartModel}
      />
      <IssueNotices issues={others} onCorrect={onChange} />
      {model !== undefined && (
        <>
          <Card title={t('startTraining')}>
            <div className="flex flex-col gap-4">
              <LearningPart
                layers={model.layerCount}
                configuration={plan.configuration}
                estimate={estimate}
                issues={issues}
                onChange={onChange}
              />
              <SettingFields
                paths={[...ofAdapters, ...adjustable]}
                configuration={plan.configuration}
                beginning={beginningOf(plan)}
                issues={issues}
                onChange={onChange}
              />
            </div>
          </Card>
          <Card title={t('startArchitecture')} explain="models.architecture">
            <p className="mb-3 text-ink-soft">{t('startArchitectureLead')}</p>
            <ModelFacts
              facts={[
                [t('parameters'), formatParameters(model.parameters)],
                [
                  t('longestContext'),
                  t('tokens', { count: model.contextLength, tokens: formatCount(model.contextLength) }),
                ],
                ...factsOf(),
              ]}
            />
          </Card>
          <Card title={t('tokenizer')} explain="models.tokenizer">
            <p className="text-ink-soft wrap-anywhere">
              {model.tokenizer.name === undefined
                ? t('tokenizerOfModel', { size: formatCount(model.tokenizer.vocabularySize) })
                : t('tokenizerOfModelNamed', {
                    name: model.tokenizer.name,
                    size: formatCount(model.tokenizer.vocabularySize),
                  })}
            </p>
          </Card>
        </>
      )}
    </>
  );

  /** How the model is built, in the words of its architecture's form. */
  function factsOf(): readonly Fact[] {
    const { configuration } = plan;
    const architecture = architectureOf(configuration);
    if (architecture === undefined) return [];
    return meaningfulSettings([...architecture.usual, ...architecture.further], configuration)
      .filter((path) => !adjustable.includes(path) && path !== 'model.contextLength')
      .map((path): Fact => [
        explainSetting(path)?.name ?? path,
        shownValue(path, settingAt(configuration, path), configuration, t),
      ]);
  }
}

type Fact = readonly [name: string, value: string];

function ModelFacts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl className="grid gap-x-8 gap-y-1.5 sm:grid-cols-2 2xl:grid-cols-3">
      {facts.map(([name, value]) => (
        <div key={name} className="flex min-w-0 justify-between gap-3 border-b border-line pb-1">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="figures min-w-0 text-right wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
