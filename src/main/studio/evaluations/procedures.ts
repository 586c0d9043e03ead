import { withProject } from '../implement.ts';
import { listEvaluations } from './evaluations.ts';

export const evaluationsProcedures = {
  list: withProject.evaluations.list.handler(({ context }) => [...listEvaluations(context.project)]),
};
