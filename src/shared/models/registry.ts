import { LoamError } from '../errors.ts';
import { nearestWord } from '../nearest-word.ts';
import type { Preset } from '../runs/preset.ts';
import { gptDeclaration } from './gpt.ts';
import type { ModelDeclaration } from './model-declaration.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ModelShape, ModelVocabulary } from './model-shape.ts';

/** What comes with the program, by name. */
const builtIn = { gpt: gptDeclaration } as const satisfies Readonly<Record<string, ModelDeclaration>>;

/** The architectures that come with the program. */
export type ArchitectureName = keyof typeof builtIn;

/** The architecture of a configuration that names none. */
const defaultArchitecture: ArchitectureName = 'gpt';

const declarations = new Map<string, ModelDeclaration>(Object.entries(builtIn));

/**
 * Makes the settings of one more architecture known to this process; registering the architecture calls it.
 * @throws Error when its name is taken by another
 */
export function registerModelDeclaration(declaration: ModelDeclaration): void {
  if (declarations.has(declaration.name))
    throw new Error(`There is an architecture "${declaration.name}" already.`);
  declarations.set(declaration.name, declaration);
}

/** All of them, the built-in ones first. */
export function modelDeclarations(): readonly ModelDeclaration[] {
  return [...declarations.values()];
}

/** The declaration of an architecture, or undefined where none of that name is registered. */
export function findModelDeclaration(name: string): ModelDeclaration | undefined {
  return declarations.get(name);
}

/** The declaration of the models that a configuration describes which names no architecture. */
export function defaultModelDeclaration(): ModelDeclaration {
  return builtIn[defaultArchitecture];
}

/** @throws LoamError when no architecture of that name is registered: a run of another program's, say */
export function modelDeclarationOf({ architecture }: { readonly architecture: string }): ModelDeclaration {
  const declaration = declarations.get(architecture);
  if (declaration !== undefined) return declaration;
  const names = [...declarations.keys()];
  const nearest = nearestWord(architecture, names);
  throw new LoamError({
    kind: 'input',
    where: 'model.architecture',
    what: `There is no architecture '${architecture}' in this Loam.`,
    remedy: `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are: ${names.join(', ')}.`,
  });
}

/**
 * The shape of the model that settings describe.
 * @throws LoamError when no architecture of their name is registered
 */
export function resolveModelShape(settings: ModelSettings, vocabulary: ModelVocabulary): ModelShape {
  return modelDeclarationOf(settings).resolveShape(settings, vocabulary);
}

/** The settings that describe a model of this shape. */
export function modelSettingsOf(shape: ModelShape): ModelSettings {
  return modelDeclarationOf(shape).settingsOf(shape);
}

/** The presets of all architectures, smallest first within each. */
export function presets(): readonly Preset[] {
  return modelDeclarations().flatMap((declaration) => declaration.presets);
}
