import { LoamError } from '../../../shared/errors.ts';
import { taskInWords, type ModelTask } from '../../../shared/models/model-task.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import { answersDeclaration } from './answers/declaration.ts';
import { nextTokenDeclaration } from './next-token/declaration.ts';
import type { Objective } from './objective.ts';

interface RegisteredObjective {
  readonly declaration: ObjectiveDeclaration;
  /** Loads what it computes with: who only shows its figures does without. */
  readonly load: () => Promise<Objective>;
}

/** The objectives by name, in the order in which they are offered. */
const objectives = new Map<string, RegisteredObjective>(
  [
    {
      declaration: nextTokenDeclaration,
      load: async () => (await import('./next-token/objective.ts')).nextToken,
    },
    {
      declaration: answersDeclaration,
      load: async () => (await import('./answers/objective.ts')).answers,
    },
  ].map((each) => [each.declaration.name, each]),
);

/**
 * Makes one more objective known to this process.
 * @throws Error when its name is taken
 */
export function registerObjective(objective: Objective): void {
  const { declaration } = objective;
  if (objectives.has(declaration.name))
    throw new Error(`There is an objective "${declaration.name}" already.`);
  objectives.set(declaration.name, { declaration, load: async () => objective });
}

/** What runs can learn by, the built-in objectives first. */
export function declaredObjectives(): readonly ObjectiveDeclaration[] {
  return [...objectives.values()].map(({ declaration }) => declaration);
}

/** @throws LoamError of kind 'misuse' when there is none of that name */
export function declarationOf(name: string): ObjectiveDeclaration {
  return requireRegistered(name).declaration;
}

/** @throws LoamError of kind 'misuse' when there is none of that name */
export async function loadObjective(name: string): Promise<Objective> {
  return requireRegistered(name).load();
}

/**
 * What a model that was not trained here is measured at: the first objective that it can do.
 * @param tasks what the model can do
 * @throws LoamError of kind 'input' when there is none
 */
export function objectiveForTasks(tasks: readonly ModelTask[]): ObjectiveDeclaration {
  const objective = declaredObjectives().find(({ task }) => tasks.includes(task));
  if (objective !== undefined) return objective;
  throw new LoamError({
    kind: 'input',
    where: 'objective',
    what: `There is nothing to measure such a model at: it can ${tasks.map(taskInWords).join(' and ')}.`,
    remedy: `Models are measured that can ${[...new Set(declaredObjectives().map(({ task }) => taskInWords(task)))].join(' or ')}.`,
  });
}

function requireRegistered(name: string): RegisteredObjective {
  const objective = objectives.get(name);
  if (objective !== undefined) return objective;
  const known = [...objectives.keys()];
  const nearest = nearestWord(name, known);
  throw new LoamError({
    kind: 'misuse',
    where: `objective '${name}'`,
    what: 'There is no such objective.',
    remedy: `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are: ${known.join(', ')}.`,
  });
}
