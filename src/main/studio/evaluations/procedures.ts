import { findCheckpoint } from '../checkpoints/checkpoints.ts';
import { withProject } from '../implement.ts';
import { deleteRequestedEvaluation } from '../store/evaluations.ts';
import { inEvaluationTurn } from './evaluation-turns.ts';
import { evaluateCheckpoint, foreseeEvaluation, listEvaluations } from './evaluations.ts';

export const evaluationsProcedures = {
  list: withProject.evaluations.list.handler(({ context }) => [...listEvaluations(context.project)]),
  outlook: withProject.evaluations.outlook.handler(async ({ context, input }) =>
    foreseeEvaluation(
      context.project,
      await findCheckpoint(context.project, input.checkpoint),
      input.dataset,
    ),
  ),
  run: withProject.evaluations.run.handler(async ({ context, input }) => {
    const { project, jobs, studio } = context;
    const { dataset, split } = input;
    const checkpoint = await findCheckpoint(project, input.checkpoint);
    const { id } = jobs.start(
      {
        kind: 'evaluation',
        title: `Evaluate ${checkpoint.label} on ${dataset}`,
        subject: { noun: 'checkpoint', name: checkpoint.label },
      },
      ({ signal, report }) =>
        inEvaluationTurn(
          signal,
          (ahead) =>
            report({
              stage:
                ahead === 1 ? 'Waiting for another evaluation' : `Waiting for ${ahead} other evaluations`,
            }),
          () =>
            evaluateCheckpoint(project, {
              checkpoint,
              dataset,
              ...(split === undefined ? {} : { split }),
              signal,
              launcher: studio.launcher,
              onProgress: ({ tokens }) => report({ stage: 'Turning text into tokens', done: tokens }),
              onMeasured: (progress) => report({ stage: 'Measuring', ...progress }),
            }),
        ),
    );
    return { job: id };
  }),
  delete: withProject.evaluations.delete.handler(({ context, input }) =>
    deleteRequestedEvaluation(context.project.store, input.id),
  ),
};
