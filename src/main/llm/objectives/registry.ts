import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { nextToken } from './next-token/objective.ts';
import type { Objective } from './objective.ts';

/** The objectives by name. */
const objectives = new Map<string, Objective>([[nextToken.name, nextToken]]);

/**
 * Makes one more objective known to this process.
 * @throws Error when its name is taken
 */
export function registerObjective(objective: Objective): void {
  if (objectives.has(objective.name)) throw new Error(`There is an objective "${objective.name}" already.`);
  objectives.set(objective.name, objective);
}

/** @throws LoamError of kind 'misuse' when there is none of that name */
export function requireObjective(name: string): Objective {
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
