import { LoamError } from '../../../shared/errors.ts';
import type { ModelSettings } from '../../../shared/models/model-settings.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { modelSettingsOf, resolveModelShape } from '../../../shared/models/registry.ts';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { haveSameParameters, type StartModel } from './start-model.ts';

type Start = Pick<StartModel, 'reference' | 'shape'>;

/**
 * The settings of a model that a run which begins with it can have otherwise: its dropout and, where no parameter depends
 * on it, a shorter context.
 */
export function adjustableSettings(shape: ModelShape): readonly ('dropout' | 'contextLength')[] {
  const { contextLength } = shape;
  const shortens =
    contextLength > 1 && haveSameParameters(shape, { ...shape, contextLength: contextLength - 1 });
  return [
    ...(modelSettingsOf(shape).dropout === undefined ? [] : (['dropout'] as const)),
    ...(shortens ? (['contextLength'] as const) : []),
  ];
}

/** What of a run's settings does not go with what it begins with: a model, or nothing. */
export function startIssues(
  { model, training, objective }: Pick<RunConfiguration, 'model' | 'training' | 'objective'>,
  start: Start | undefined,
): readonly ConfigurationIssue[] {
  if (start !== undefined) return fitIssues(start, model);
  const { needs, title } = declarationOf(objective);
  if (needs?.includes('conversation') === true)
    return [
      {
        rule: 'conversationsNeedModel',
        severity: 'error',
        path: 'from',
        what: `"${title}" teaches a model that is there already, by the template in which it was taught to hold conversations, and this run begins with none.`,
        remedy: 'Begin with a model that answers instructions.',
        corrections: [],
      },
    ];
  if (training.method === 'lora')
    return [
      {
        rule: 'adaptersNeedModel',
        severity: 'error',
        path: 'training.method',
        what: 'Adapters change what a model does that is there already, and this run begins with none.',
        remedy: 'Begin with a model, or let the weights learn.',
        corrections: [
          { label: 'Let the weights learn', changes: [{ path: 'training.method', value: 'full' }] },
        ],
      },
    ];
  if (training.trainedLayers === undefined) return [];
  return [
    {
      rule: 'trainedLayersNeedModel',
      severity: 'error',
      path: 'training.trainedLayers',
      what: 'Layers that do not learn keep what a model brings, and this run begins with none: theirs would stay as chance drew it.',
      remedy: 'Take the setting out, or begin with a model.',
      corrections: [{ label: 'Take it out', changes: [{ path: 'training.trainedLayers' }] }],
    },
  ];
}

/** The settings that make of a model's weights another model. */
function fitIssues({ reference, shape }: Start, settings: ModelSettings): readonly ConfigurationIssue[] {
  const own = settingsAsText(modelSettingsOf(shape));
  const wanted = settingsAsText(modelSettingsOf(resolveModelShape(settings, shape)));
  const adjustable = adjustableSettings(shape);
  const different = [...new Set([...own.keys(), ...wanted.keys()])].filter(
    (name) => name !== 'dropout' && own.get(name) !== wanted.get(name),
  );
  const found = different.filter((name) => name !== 'contextLength' || !adjustable.includes('contextLength'));
  const issue = (setting: string, rule: string, what: string, remedy: string): ConfigurationIssue => ({
    rule,
    severity: 'error',
    path: `model.${setting}`,
    what,
    remedy,
    corrections: [{ label: 'As the model has it', changes: [changeTo(modelSettingsOf(shape), setting)] }],
  });
  if (found.length > 0)
    return found.map((setting) =>
      issue(
        setting,
        'startModelFits',
        `The configuration describes another model than ${reference}, so that its weights do not fit.`,
        adjustable.length === 0
          ? 'Leave the settings of the model out.'
          : `Leave the settings of the model out; only ${adjustable.map((name) => adjustableInWords[name]).join(' and ')} can differ.`,
      ),
    );
  if (settings.contextLength <= shape.contextLength) return [];
  return [
    issue(
      'contextLength',
      'contextWithinModel',
      `A context of ${settings.contextLength} tokens is longer than the ${shape.contextLength} that the model was made for.`,
      `Take at most ${shape.contextLength}.`,
    ),
  ];
}

const adjustableInWords = { dropout: 'its dropout', contextLength: 'a shorter context' } as const;

function settingsAsText(settings: ModelSettings): ReadonlyMap<string, string> {
  return new Map(Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]));
}

function changeTo(settings: ModelSettings, setting: string): SettingChange {
  const value = settings[setting];
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { path: `model.${setting}`, ...(isPlain ? { value } : {}) };
}

/** @throws LoamError for the first setting that does not go with what a run begins with */
export function requireFittingStart(
  configuration: Pick<RunConfiguration, 'model' | 'training' | 'objective'>,
  start: Start | undefined,
): void {
  const [issue] = startIssues(configuration, start);
  if (issue === undefined) return;
  throw new LoamError({ kind: 'input', where: issue.path, what: issue.what, remedy: issue.remedy });
}

/** The shape that a run trains which begins with a model, once its settings are known to fit. */
export function shapeOfStart({ shape }: Start, settings: ModelSettings): ModelShape {
  return resolveModelShape(settings, shape);
}
