import { z } from 'zod';
import type { ArchitectureCard, ModelSetting } from '../../../shared/models/architecture-card.ts';
import type { ModelDeclaration, SettingDeclaration } from '../../../shared/models/model-declaration.ts';
import { defaultModelDeclaration, modelDeclarations } from '../../../shared/models/registry.ts';
import type { ConfigurationKey } from '../../../shared/runs/setting-keys.ts';
import { modelKeys } from '../../../shared/runs/configuration-keys.ts';

/** What pages are told of the architectures that this process knows, the built-in ones first. */
export function architectureCards(): readonly ArchitectureCard[] {
  return modelDeclarations().map(architectureCard);
}

function architectureCard(declaration: ModelDeclaration): ArchitectureCard {
  const { name, title, description, ownText, usualSettings, furtherSettings, presets } = declaration;
  const words = new Map([...usualSettings, ...furtherSettings].map((each) => [placeOf(each.setting), each]));
  return {
    name,
    title,
    description,
    ownText,
    settings: modelKeys(declaration).map((key) => describeSetting(key, words.get(key.path))),
    usual: usualSettings.map(({ setting }) => placeOf(setting)),
    further: furtherSettings.map(({ setting }) => placeOf(setting)),
    presets: presets.map((preset) => {
      const settings = declaration.settingsSchema.parse(preset.configuration.model ?? {});
      return { ...preset, tasks: [...declaration.tasks(settings)] };
    }),
    earlierNames: { ...declaration.earlierNames },
    schema: z.toJSONSchema(declaration.settingsSchema, { io: 'input' }),
  };
}

function placeOf(setting: string): string {
  return `model.${setting}`;
}

function describeSetting(key: ConfigurationKey, declared: SettingDeclaration | undefined): ModelSetting {
  if (key.path === placeOf('architecture'))
    return { ...key, name: 'Architecture', usual: `${defaultModelDeclaration().name}.` };
  if (declared === undefined) return { ...key, name: key.path };
  const { name, larger, usual, choices, unless } = declared;
  return {
    ...key,
    name,
    ...(larger === undefined ? {} : { larger }),
    ...(usual === undefined ? {} : { usual }),
    ...(choices === undefined ? {} : { choices: { ...choices } }),
    ...(unless === undefined
      ? {}
      : { unless: { path: placeOf(unless.setting), values: [...unless.values] } }),
  };
}
