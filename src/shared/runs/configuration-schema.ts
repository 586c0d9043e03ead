import { z } from 'zod';
import { agreeingSettings } from '../models/agreeing-settings.ts';
import { takingEarlierNames } from '../models/earlier-names.ts';
import type { ModelDeclaration } from '../models/model-declaration.ts';
import { defaultModelDeclaration, findModelDeclaration, modelDeclarations } from '../models/registry.ts';
import { runConfigurationSchema, type RunConfiguration } from './configuration.ts';
import { settingAt } from './configuration-issue.ts';

/** How a configuration is read: `settings` takes each value for itself, `whole` refuses what does not go together too. */
type Strictness = 'settings' | 'whole';

/** The declaration of the model that a configuration describes; undefined when it names an architecture that there is not. */
export function declarationIn(configuration: unknown): ModelDeclaration | undefined {
  const name = settingAt(configuration, 'model.architecture');
  if (name === undefined) return defaultModelDeclaration();
  return typeof name === 'string' ? findModelDeclaration(name) : undefined;
}

/**
 * The schema of a run's configuration with the settings of the architecture that it names. Which there are is looked up at
 * every call, so that one which this process registers is known.
 * @param written a configuration as a person wrote it, or as it was stored
 */
export function configurationSchemaFor(
  written: unknown,
  strictness: Strictness = 'whole',
): z.ZodType<RunConfiguration> {
  const declaration = declarationIn(written);
  if (declaration !== undefined) return configurationSchemaOf(declaration)[strictness];
  const names = modelDeclarations().map(({ name }) => name);
  return runConfigurationSchema.extend({
    model: runConfigurationSchema.shape.model.extend({ architecture: z.enum(names) }),
  });
}

/**
 * A configuration with its defaults.
 * @param written as a person wrote it, or as it was stored
 * @throws ZodError for what is no valid value or does not go together
 */
export function parseConfiguration(written: unknown): RunConfiguration {
  return configurationSchemaFor(written).parse(written);
}

const schemas = new WeakMap<ModelDeclaration, Readonly<Record<Strictness, z.ZodType<RunConfiguration>>>>();

function configurationSchemaOf(
  declaration: ModelDeclaration,
): Readonly<Record<Strictness, z.ZodType<RunConfiguration>>> {
  const known = schemas.get(declaration);
  if (known !== undefined) return known;
  const settingsSchema = takingEarlierNames(declaration.settingsSchema, declaration.earlierNames);
  const agreeing = agreeingSettings(settingsSchema, (settings) => declaration.issues(settings));
  const made = {
    settings: runConfigurationSchema.extend({ model: settingsSchema.prefault({}) }),
    whole: runConfigurationSchema.extend({ model: agreeing.prefault({}) }),
  };
  schemas.set(declaration, made);
  return made;
}

/**
 * The JSON Schema of a configuration file, for editors.
 * @param declarations the architectures whose settings it knows. Default: all that there are
 */
export function runConfigurationJsonSchema(
  declarations: readonly ModelDeclaration[] = modelDeclarations(),
): Readonly<Record<string, unknown>> {
  const settings = declarations.map(({ settingsSchema }) => settingsSchema);
  const model = settings.length === 1 && settings[0] !== undefined ? settings[0] : z.union(settings);
  return z.toJSONSchema(runConfigurationSchema.extend({ model: model.prefault({}) }), { io: 'input' });
}
