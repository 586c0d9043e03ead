import type { ArchitectureCard, ModelSetting, OfferedPreset } from '../../shared/models/architecture-card.ts';
import { configurationWithCurrentNames, currentPlace } from '../../shared/models/earlier-names.ts';
import type { ModelTask } from '../../shared/models/model-task.ts';
import { settingAt } from '../../shared/runs/configuration-issue.ts';
import type { RunConfigurationInput } from '../../shared/runs/configuration.ts';
import { settingsWith, type ConfigurationKey } from '../../shared/runs/setting-keys.ts';
import { explainCommonSetting } from '../../shared/teaching/settings.ts';
import type { Term } from '../../shared/teaching/term.ts';

/** The kinds of model that the studio knows, as it declared them. Screens of a project are shown once they are here. */
let known: readonly ArchitectureCard[] = [];

/** Takes over what the studio declares. */
export function setArchitectures(cards: readonly ArchitectureCard[]): void {
  known = cards;
}

/** The kinds of model that can be trained, the usual one first. */
export function architectures(): readonly ArchitectureCard[] {
  return known;
}

/** The kind of the model that a configuration describes; undefined where the studio knows none of its name. */
export function architectureOf(configuration: unknown): ArchitectureCard | undefined {
  const name = settingAt(configuration, 'model.architecture');
  return name === undefined ? known[0] : known.find((each) => each.name === name);
}

/** The starting points of runs, those of the usual architecture first. */
export function presets(): readonly OfferedPreset[] {
  return known.flatMap((each) => each.presets);
}

/** Those whose models can do what is wanted; all where that is not known, or none can. */
export function presetsFor(task: ModelTask | undefined): readonly OfferedPreset[] {
  const fitting = presets().filter(({ tasks }) => task === undefined || tasks.includes(task));
  return fitting.length === 0 ? presets() : fitting;
}

/** Every setting that a configuration can have, in the order of the file. */
export function settingsOf(configuration: unknown): readonly ConfigurationKey[] {
  return settingsWith(architectureOf(configuration)?.settings ?? []);
}

/** A setting of a model by its place, where it is one. */
export function modelSetting(path: string, configuration: unknown): ModelSetting | undefined {
  return architectureOf(configuration)?.settings.find((each) => each.path === path);
}

/** A configuration as a person wrote it, its settings by the names of today. */
export function inCurrentNames(configuration: RunConfigurationInput): RunConfigurationInput {
  const names = architectureOf(configuration)?.earlierNames;
  return configurationWithCurrentNames(configuration, names) as RunConfigurationInput;
}

/** The places at which a configuration may still have a setting by an earlier name. */
export function earlierPlaces(path: string, configuration: unknown): readonly string[] {
  const names = architectureOf(configuration)?.earlierNames ?? {};
  return Object.keys(names)
    .map((name) => `model.${name}`)
    .filter((place) => currentPlace(place, names) === path);
}

/** What a setting is, by its place with dots; undefined where there is no such setting. */
export function explainSetting(path: string): Term | undefined {
  for (const { settings } of known) {
    const setting = settings.find((each) => each.path === path);
    if (setting !== undefined) return termOf(setting);
  }
  return explainCommonSetting(path);
}

function termOf({ name, description, larger, usual }: ModelSetting): Term {
  return {
    name,
    what: description,
    ...(larger === undefined ? {} : { larger }),
    ...(usual === undefined ? {} : { usual }),
  };
}
