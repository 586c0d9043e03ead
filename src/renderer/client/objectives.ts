import { useQuery } from '@tanstack/react-query';
import type { ObjectiveDeclaration } from '../../shared/objectives/objective.ts';
import { api } from './client.ts';

const none: readonly ObjectiveDeclaration[] = [];

/** What runs can learn by; none until the studio has answered. They do not change while it runs. */
export function useObjectives(): readonly ObjectiveDeclaration[] {
  return useQuery(api.objectives.list.queryOptions({ staleTime: Infinity })).data ?? none;
}

/** The objective of a run or a measurement; undefined until the studio has answered. */
export function useObjective(name: string | undefined): ObjectiveDeclaration | undefined {
  return useObjectives().find((objective) => objective.name === name);
}
