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

/** So many layers learn where a person asks for some of them: the usual where memory is short. */
const usualLayers = 2;

/** Whether the whole model learns or its topmost layers alone, and what follows for its parameters and the memory. */
export function LearningLayers({
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
}): JSX.Element | null {
  const { t } = useTranslation('new-model');
  if (layers === 0) return null;
  const given = settingAt(configuration, learningLayersPath);
  const count = typeof given === 'number' ? given : undefined;
  const name = explainSetting(learningLayersPath)?.name ?? learningLayersPath;
  const wrong = issues.filter(({ path, severity }) => path === learningLayersPath && severity === 'error');
  const set = (value: number | undefined): void =>
    onChange([{ path: learningLayersPath, ...(value === undefined ? {} : { value }) }]);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="flex items-center gap-1 text-sm font-medium">
        {name}
        <Explain setting={learningLayersPath} />
      </span>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <SegmentedControl
          label={name}
          value={count === undefined ? 'all' : 'topmost'}
          onChange={(choice) => set(choice === 'all' ? undefined : Math.min(usualLayers, layers))}
          size="medium"
          options={[
            { value: 'all', label: t('learnAll') },
            { value: 'topmost', label: t('learnTopmost') },
          ]}
        />
        {count !== undefined && (
          <NumberInput
            label={t('learnCount')}
            value={count}
            onChange={(next) => {
              if (next !== null) set(next);
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
          {t(count === undefined ? 'learnsAll' : 'learnsSome', {
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
