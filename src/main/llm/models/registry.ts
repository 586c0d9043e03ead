import { z } from 'zod';
import { takingEarlierNames } from '../../../shared/models/earlier-names.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { registerModelDeclaration, type ArchitectureName } from '../../../shared/models/registry.ts';
import { gptArchitecture } from './gpt/architecture.ts';
import type { Architecture } from './architecture.ts';

/** What comes with the program, by name. */
const builtIn = { gpt: gptArchitecture } as const satisfies Readonly<Record<ArchitectureName, Architecture>>;

const architectures = new Map<string, Architecture>(Object.entries(builtIn));

/**
 * Makes one more architecture known to this process, with the settings of its models.
 * @throws Error when its name is taken
 */
export function registerArchitecture(architecture: Architecture): void {
  registerModelDeclaration(architecture.declaration);
  architectures.set(architecture.declaration.name, architecture);
}

/** All of them, the built-in ones first. */
export function registeredArchitectures(): readonly Architecture[] {
  return [...architectures.values()];
}

/**
 * The architecture of a model.
 * @throws Error when none of that name is registered: shapes are parsed before they come here
 */
export function architectureOf({ architecture: name }: ModelShape): Architecture {
  const architecture = architectures.get(name);
  if (architecture === undefined) throw new Error(`There is no architecture "${name}".`);
  return architecture;
}

/** A shape that was stored, or undefined when no registered architecture knows it. */
export function parseShape(value: unknown): ModelShape | undefined {
  const named = z.looseObject({ architecture: z.string() }).safeParse(value);
  if (!named.success) return undefined;
  const declaration = architectures.get(named.data.architecture)?.declaration;
  if (declaration === undefined) return undefined;
  return takingEarlierNames(declaration.shapeSchema, declaration.earlierNames).safeParse(value).data;
}

/** The parameters of a model, in the order of its architecture. */
export function parametersOf(shape: ModelShape): ReturnType<Architecture['parameters']> {
  return architectureOf(shape).parameters(shape);
}

/** Number of values that a model of this shape learns. */
export function countParameters(shape: ModelShape): number {
  return Object.values(architectureOf(shape).countParameters(shape)).reduce((sum, count) => sum + count, 0);
}
