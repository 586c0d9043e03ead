import { findCheckpoint } from '../../checkpoints/find-checkpoint.ts';
import { withProject } from '../implement.ts';
import { deleteRequestedEvaluation } from '../../store/evaluations.ts';
import { inEvaluationTurn } from '../../evaluations/evaluation-turns.ts';
import { evaluateCheckpoint, listEvaluations } from '../../evaluations/evaluations.ts';

export const evaluationsProcedures = {
  list: withProject.evaluations.list.handler(({ context }) => [...listEvaluations(context.project)]),
  preview: withProject.evaluations.preview.handler(({ context, input, signal }) =>
    context.reading.ask('previewEvaluation', { reference: input.checkpoint, dataset: input.dataset }, signal),
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
      ({ signal, report, notice }) =>
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
              onNotice: notice,
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
