import { declaredObjectives } from '../../../llm/objectives/registry.ts';
import { withoutProject } from '../implement.ts';

export const objectivesProcedures = {
  list: withoutProject.objectives.list.handler(() => [...declaredObjectives()]),
};
