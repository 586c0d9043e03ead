import {
  gptConfigurationOf,
  resolveGptShape,
  type GptConfiguration,
  type GptShape,
} from './gpt-configuration.ts';

/** What a configuration file says about a model: the settings of one architecture. */
export type ModelConfiguration = GptConfiguration;

/** A model's shape with nothing left open. */
export type ConfiguredShape = GptShape;

/** The architectures whose models a configuration can describe. */
export type ArchitectureName = ModelConfiguration['architecture'];

/** How an architecture's settings become a shape, and the other way round. */
interface ModelDeclaration {
  /** Fills in what the settings leave open. */
  resolveShape(configuration: ModelConfiguration, vocabularySize: number): ConfiguredShape;
  /** The settings that give this shape. */
  configurationOf(shape: ConfiguredShape): ModelConfiguration;
}

const declarations = {
  gpt: { resolveShape: resolveGptShape, configurationOf: gptConfigurationOf },
} as const satisfies Record<ArchitectureName, ModelDeclaration>;

/** The shape of the model that a configuration describes, with a vocabulary of this size. */
export function resolveModelShape(
  configuration: ModelConfiguration,
  vocabularySize: number,
): ConfiguredShape {
  return declarations[configuration.architecture].resolveShape(configuration, vocabularySize);
}

/** The settings that describe a model of this shape. */
export function modelConfigurationOf(shape: ConfiguredShape): ModelConfiguration {
  return declarations[shape.architecture].configurationOf(shape);
}

/** Whether a shape is of an architecture that a configuration can describe. */
export function isConfigurable(shape: { readonly architecture: string }): shape is ConfiguredShape {
  return Object.hasOwn(declarations, shape.architecture);
}
