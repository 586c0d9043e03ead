import { z } from 'zod';
import type { ModelDeclaration } from '../models/model-declaration.ts';
import { currentPlace } from '../models/earlier-names.ts';
import { defaultModelDeclaration, modelDeclarations } from '../models/registry.ts';
import { keysOfSchema, settingsWith, type ConfigurationKey, type SchemaNode } from './setting-keys.ts';

const known = new WeakMap<ModelDeclaration, readonly ConfigurationKey[]>();

/** The settings of the models of one architecture. */
export function modelKeys(declaration: ModelDeclaration): readonly ConfigurationKey[] {
  const keys =
    known.get(declaration) ??
    keysOfSchema(z.toJSONSchema(declaration.settingsSchema, { io: 'input' }) as SchemaNode, ['model']);
  known.set(declaration, keys);
  return keys;
}

/** Every setting of a configuration whose model is of one architecture, in the order of the file. */
export function configurationKeys(
  declaration: ModelDeclaration = defaultModelDeclaration(),
): readonly ConfigurationKey[] {
  return settingsWith(modelKeys(declaration));
}

/** The setting at a place in the configuration of any architecture, by its name or an earlier one; undefined where there is none. */
export function findConfigurationKey(path: string): ConfigurationKey | undefined {
  for (const declaration of modelDeclarations()) {
    const place = currentPlace(path, declaration.earlierNames);
    const key = configurationKeys(declaration).find((each) => each.path === place);
    if (key !== undefined) return key;
  }
  return undefined;
}
