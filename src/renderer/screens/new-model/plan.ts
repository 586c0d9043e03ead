import { z } from 'zod';
import { editJson } from '../../../shared/json-edit.ts';
import { applyChanges, settingAt, type SettingChange } from '../../../shared/runs/configuration-issue.ts';
import type { RunConfigurationInput } from '../../../shared/runs/configuration.ts';
import type { Preset } from '../../../shared/runs/preset.ts';
import { startModelCardSchema } from '../../../shared/runs/start-model.ts';
import { tuningSettings } from '../../../shared/runs/training-method.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import {
  earlierPlaces,
  inCurrentNames,
  presets,
  presetsFor,
  settingsOf,
} from '../../client/architectures.ts';
import { changesToMethod, methodOf } from './training-method.ts';

/** How long a person wants to train, as the wizard offers it. */
export const budgets = ['preset', 'ten', 'hour', 'night', 'minutes', 'steps'] as const;
export type Budget = (typeof budgets)[number];

/** Minutes of the budgets that have a name. */
export const minutesOfBudget = { ten: 10, hour: 60, night: 480 } as const;

const planSchema = z.object({
  dataset: z.string().optional(),
  /** Absent: one that fits, learnt where there is none. */
  tokenizer: z.string().optional(),
  /** Whether a person chose the tokenizer, or that it is learnt. */
  tokenizerChosen: z.boolean().optional(),
  /** The preset that the configuration began with. */
  preset: z.string(),
  /** That it begins with a model, and with which, once one is chosen. Absent: it begins with nothing. */
  start: z.object({ model: startModelCardSchema.optional() }).optional(),
  /** Whether the architecture is a person's own. */
  own: z.boolean(),
  configuration: z.custom<RunConfigurationInput>((value) => typeof value === 'object' && value !== null),
  budget: z.enum(budgets),
  name: z.string(),
  /** The run that its settings were taken from. */
  from: z.string().optional(),
  /** The configuration as a person wrote it in the file, with comments. */
  text: z.string().optional(),
});

/** Everything that was chosen in the wizard. */
export type Plan = Readonly<z.output<typeof planSchema>>;

/** The preset of a name; the first one where there is none. */
export function presetNamed(name: string): Preset {
  const preset = presets().find((each) => each.name === name) ?? presets()[0];
  if (preset === undefined) throw new Error('There are no presets.');
  return preset;
}

/** What a plan's settings are held against: where they began. */
export interface Beginning {
  readonly kind: 'preset' | 'model';
  readonly name: string;
  readonly configuration: RunConfigurationInput;
}

/** The model that a plan begins with, or else its preset. */
export function beginningOf({ start, preset, configuration: planned }: Plan): Beginning {
  const model = start?.model;
  if (model !== undefined) {
    const { reference: name, configuration: own } = model;
    const method = methodOf(planned);
    const training = { ...own.training, ...tuningSettings(method) };
    return { kind: 'model', name, configuration: method === 'full' ? own : { ...own, training } };
  }
  const { name, configuration } = presetNamed(preset);
  return { kind: 'preset', name, configuration };
}

/** What the wizard begins with: a sensible run without a further choice. */
export function freshPlan(dataset?: string): Plan {
  const preset = presetNamed('nano');
  return {
    ...(dataset === undefined ? {} : { dataset }),
    preset: preset.name,
    own: false,
    configuration: preset.configuration,
    budget: 'preset',
    name: '',
  };
}

/** How many settings two configurations say differently, defaults filled in; among those whose path begins so. */
function differences(one: object, other: object, beginning: string): number {
  const values = (configuration: object): ReadonlyMap<string, unknown> =>
    new Map(
      settingsOf(configuration)
        .filter(({ path }) => path.startsWith(beginning))
        .map(({ path, default: usual }) => [path, settingAt(configuration, path) ?? usual]),
    );
  const [mine, theirs] = [values(one), values(other)];
  return [...new Set([...mine.keys(), ...theirs.keys()])].filter(
    (path) => mine.get(path) !== theirs.get(path),
  ).length;
}

/**
 * The settings of an earlier run, to begin with.
 * @param start of a run that began with a model: that model, as far as it is still there
 */
export function planOfRun(
  run: {
    readonly name: string;
    readonly dataset: string;
    readonly tokenizer: string;
    readonly configuration: RunConfigurationInput;
  },
  start?: Plan['start'],
): Plan {
  // How many threads it had was decided by the machine of that day.
  const configuration = applyChanges(run.configuration, [{ path: 'engine.threads' }]);
  const [nearest = presetNamed('nano')] = presets().toSorted(
    (a, b) =>
      differences(configuration, a.configuration, '') - differences(configuration, b.configuration, ''),
  );
  const sameBudget =
    start === undefined &&
    configuration.training?.minutes === undefined &&
    configuration.training?.steps === nearest.configuration.training?.steps;
  return {
    dataset: run.dataset,
    ...(start === undefined ? { tokenizer: run.tokenizer, tokenizerChosen: true } : { start }),
    preset: nearest.name,
    own: start === undefined && differences(configuration, nearest.configuration, 'model.') > 0,
    configuration,
    budget: sameBudget ? 'preset' : configuration.training?.minutes === undefined ? 'steps' : 'minutes',
    name: '',
    from: run.name,
  };
}

/** A plan that was kept over a reload, or undefined where there is none that can be read. */
export function readPlan(text: string | null): Plan | undefined {
  if (text === null) return undefined;
  try {
    const plan = planSchema.safeParse(JSON.parse(text)).data;
    return plan && planInCurrentNames(plan);
  } catch {
    return undefined;
  }
}

function planInCurrentNames({ start, ...plan }: Plan): Plan {
  const model = start?.model && { ...start.model, configuration: inCurrentNames(start.model.configuration) };
  return {
    ...plan,
    configuration: inCurrentNames(plan.configuration),
    ...(start === undefined ? {} : { start: model === undefined ? start : { ...start, model } }),
  };
}

/** What makes the model one of another architecture, with its defaults: settings of the one before have no meaning in it. */
export function changesToArchitecture(
  configuration: RunConfigurationInput,
  name: string,
): readonly SettingChange[] {
  const settings = Object.keys(configuration.model ?? {}).filter((setting) => setting !== 'architecture');
  return [
    ...settings.map((setting) => ({ path: `model.${setting}` })),
    { path: 'model.architecture', value: name },
  ];
}

/** Changes settings, in the configuration and in the file that a person wrote. */
export function withChanges(plan: Plan, changes: readonly SettingChange[]): Plan {
  // What calls the setting by an earlier name would contradict what is written now.
  const edits = changes.flatMap((change): readonly SettingChange[] => [
    ...earlierPlaces(change.path, plan.configuration).map((path) => ({ path })),
    change,
  ]);
  const configuration = applyChanges(plan.configuration, edits);
  if (plan.text === undefined) return { ...plan, configuration };
  const { text, ...rest } = plan;
  try {
    const edited = editJson(
      text,
      edits.map(({ path, value }) => ({ path: path.split('.'), value })),
    );
    return { ...rest, configuration, text: edited };
  } catch {
    // The file was left in a state that cannot be read: it is written anew from the settings.
    return { ...rest, configuration };
  }
}

/** Begins anew with a preset; the time that a person chose stays. */
export function withPreset(plan: Plan, name: string): Plan {
  const { start: _, ...rest } = plan;
  return beginAnew({ ...rest, preset: name });
}

/**
 * What the model is for. A preset whose model cannot do that gives way to the first whose model can, and what only a model that
 * is there can learn begins with one.
 */
export function withObjective(
  plan: Plan,
  { name, task, needs, method }: Pick<ObjectiveDeclaration, 'name' | 'task' | 'needs' | 'method'>,
): Plan {
  const beginsWithModel = plan.start !== undefined || needs?.includes('conversation') === true;
  const changed = withChanges(plan, [
    { path: 'objective', value: name },
    ...changesToMethod(plan.configuration, beginsWithModel ? (method ?? 'full') : 'full'),
  ]);
  if (needs?.includes('conversation') === true) return { ...changed, start: changed.start ?? {} };
  const fitting = presetsFor(task);
  const fits =
    changed.own || changed.start !== undefined || fitting.some((each) => each.name === plan.preset);
  return fits ? changed : withPreset(changed, fitting[0]?.name ?? plan.preset);
}

/** The settings as they are where the plan begins; what the model is for, and the time that a person chose, stay. */
export function beginAnew(plan: Plan): Plan {
  const { text: _, tokenizer: __, tokenizerChosen: ___, from: ____, ...rest } = plan;
  const { objective } = plan.configuration;
  const configuration = {
    ...beginningOf(plan).configuration,
    ...(objective === undefined ? {} : { objective }),
  };
  const chosen = { ...rest, own: false, configuration };
  switch (plan.budget) {
    case 'preset':
      return chosen;
    case 'steps': {
      const count = settingAt(plan.configuration, 'training.steps');
      return typeof count === 'number' ? withSteps(chosen, count) : { ...chosen, budget: 'preset' };
    }
    case 'ten':
    case 'hour':
    case 'night':
    case 'minutes': {
      const minutes = settingAt(plan.configuration, 'training.minutes');
      return typeof minutes === 'number'
        ? withMinutes(chosen, plan.budget, minutes)
        : { ...chosen, budget: 'preset' };
    }
    default:
      return plan.budget satisfies never;
  }
}

/** Back to as many steps as the preset has; beginning with a model, to the usual number. */
export function withPresetBudget(plan: Plan): Plan {
  const { steps: count, evaluationInterval } = beginningOf(plan).configuration.training ?? {};
  const changed = withChanges(plan, [
    { path: 'training.minutes' },
    { path: 'training.steps', ...(count === undefined ? {} : { value: count }) },
    {
      path: 'training.evaluationInterval',
      ...(evaluationInterval === undefined ? {} : { value: evaluationInterval }),
    },
  ]);
  return { ...changed, budget: 'preset' };
}

/** So many minutes. */
export function withMinutes(plan: Plan, budget: Budget, minutes: number): Plan {
  const changed = withChanges(plan, [
    { path: 'training.steps' },
    { path: 'training.minutes', value: minutes },
  ]);
  return { ...changed, budget };
}

/** So many steps; evaluations come often enough that at least a few are seen. */
export function withSteps(plan: Plan, count: number): Plan {
  const usual = beginningOf(plan).configuration.training?.evaluationInterval ?? 250;
  const changed = withChanges(plan, [
    { path: 'training.minutes' },
    { path: 'training.steps', value: count },
    { path: 'training.evaluationInterval', value: fittingInterval(count, usual) },
  ]);
  return { ...changed, budget: 'steps' };
}

/** An evaluation interval of which there are at least four in so many steps, at most the usual one. */
export function fittingInterval(count: number, usual: number): number {
  return count >= 4 * usual ? usual : Math.max(1, Math.floor(count / 5));
}

/** The name that a run gets after what it begins with. */
export function baseName(plan: Plan): string {
  if (plan.start !== undefined) return 'tuned';
  return plan.own ? 'model' : plan.preset;
}

/** The configuration as a file, where no person wrote one. */
export function configurationText(configuration: RunConfigurationInput): string {
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}
