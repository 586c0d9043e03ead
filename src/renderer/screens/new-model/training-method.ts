import { settingAt, type SettingChange } from '../../../shared/runs/configuration-issue.ts';
import {
  trainingMethods,
  tuningSettings,
  type TrainingMethod,
} from '../../../shared/runs/training-method.ts';

/** The setting that says what of a model learns: its weights, or adapters beside them. */
export const methodPath = 'training.method';

/** What belongs to adapters alone. */
export const adapterPaths = [
  'training.lora.rank',
  'training.lora.alpha',
  'training.lora.layers',
  'training.lora.rankStabilized',
] as const;

export function methodOf(configuration: unknown): TrainingMethod {
  const given = settingAt(configuration, methodPath);
  return trainingMethods.find((each) => each === given) ?? 'full';
}

/** What makes another method of it: the usual settings of the one before become those of the other, a person's own stay. */
export function changesToMethod(configuration: unknown, method: TrainingMethod): readonly SettingChange[] {
  const before = tuningSettings(methodOf(configuration));
  const after = tuningSettings(method);
  const usual = (['learningRate', 'minimumLearningRate', 'warmupSteps'] as const).filter(
    (name) => settingAt(configuration, `training.${name}`) === before[name],
  );
  return [
    { path: methodPath, ...(method === 'full' ? {} : { value: method }) },
    ...usual.map((name) => ({ path: `training.${name}`, value: after[name] })),
  ];
}
