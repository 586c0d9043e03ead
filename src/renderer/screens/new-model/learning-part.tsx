import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  settingAt,
  type ConfigurationIssue,
  type SettingChange,
} from '../../../shared/runs/configuration-issue.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { explainSetting } from '../../client/architectures.ts';
import { Explain } from '../../components/explain.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { formatBytes, formatCount, formatParameters } from '../../format/format.ts';
import { learningLayersPath } from './steps.ts';
import { changesToMethod, methodOf, methodPath } from './training-method.ts';

type Choice = 'adapters' | 'all' | 'topmost';

/** So many layers learn where a person asks for some of them: the usual where memory is short. */
const usualLayers = 2;

/**
 * What learns: adapters beside the weights, the whole model or its topmost layers alone; and what follows for its parameters and
 * the memory.
 */
export function LearningPart({
  layers,
  configuration,
  estimate,
  issues,
  onChange,
}: {
  /** So many the model has. */
  readonly layers: number;
  readonly configuration: unknown;
  readonly estimate: RunEstimate | undefined;
  readonly issues: readonly ConfigurationIssue[];
  readonly onChange: (changes: readonly SettingChange[]) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const given = settingAt(configuration, learningLayersPath);
  const count = typeof given === 'number' ? given : undefined;
  const adapts = methodOf(configuration) === 'lora';
  const name = explainSetting(methodPath)?.name ?? methodPath;
  const paths: readonly string[] = [methodPath, learningLayersPath];
  const wrong = issues.filter(({ path, severity }) => paths.includes(path) && severity === 'error');
  const setCount = (value: number | undefined): SettingChange => ({
    path: learningLayersPath,
    ...(value === undefined ? {} : { value }),
  });
  const choose = (choice: Choice): void =>
    onChange([
      ...changesToMethod(configuration, choice === 'adapters' ? 'lora' : 'full'),
      setCount(choice === 'topmost' ? Math.min(usualLayers, layers) : undefined),
    ]);
  const choice: Choice = adapts ? 'adapters' : count === undefined ? 'all' : 'topmost';
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="flex items-center gap-1 text-sm font-medium">
        {name}
        <Explain setting={methodPath} />
      </span>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <SegmentedControl
          label={name}
          value={choice}
          onChange={choose}
          size="medium"
          options={[
            { value: 'adapters', label: t('learnAdapters') },
            { value: 'all', label: t('learnAll') },
            ...(layers === 0 ? [] : [{ value: 'topmost' as const, label: t('learnTopmost') }]),
          ]}
        />
        {count !== undefined && (
          <NumberInput
            label={t('learnCount')}
            value={count}
            onChange={(next) => {
              if (next !== null) onChange([setCount(next)]);
            }}
            min={1}
            max={layers}
            unit={t('learnOf', { layers: formatCount(layers) })}
            className="w-44"
          />
        )}
      </div>
      {estimate !== undefined && (
        <p className="figures text-sm text-ink-soft">
          {t(adapts ? 'learnsAdapters' : count === undefined ? 'learnsAll' : 'learnsSome', {
            learning: formatParameters(estimate.parameters.learning),
            all: formatParameters(estimate.parameters.total),
            memory: formatBytes(estimate.memory.total),
          })}
        </p>
      )}
      {wrong.map(({ rule, what, remedy }) => (
        <p key={rule} className="text-sm text-danger">
          {what} {remedy}
        </p>
      ))}
    </div>
  );
}
