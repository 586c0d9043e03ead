import { findCheckpoint } from '../../checkpoints/find-checkpoint.ts';
import { withProject } from '../implement.ts';
import { deleteRequestedEvaluation } from '../../store/evaluations.ts';
import { inEvaluationTurn } from '../../evaluations/evaluation-turns.ts';
import { evaluateCheckpoint, listEvaluations } from '../../evaluations/evaluations.ts';
import { baseOf, judgeModel, readVerdict } from '../../evaluations/verdicts.ts';

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
          (ahead) => report({ stage: waitingFor(ahead) }),
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
  verdict: withProject.evaluations.verdict.handler(
    async ({ context, input }) => (await readVerdict(context.project, input.run)) ?? null,
  ),
  judge: withProject.evaluations.judge.handler(async ({ context, input }) => {
    const { project, jobs, studio } = context;
    const checkpoint = await findCheckpoint(project, input.checkpoint);
    await baseOf(project, checkpoint);
    const { id } = jobs.start(
      {
        kind: 'evaluation',
        title: `What training changed of ${checkpoint.label}`,
        subject: { noun: 'checkpoint', name: checkpoint.label },
      },
      ({ signal, report, notice }) =>
        inEvaluationTurn(
          signal,
          (ahead) => report({ stage: waitingFor(ahead) }),
          () =>
            judgeModel(project, {
              checkpoint,
              ...(input.questions === undefined ? {} : { questions: input.questions }),
              signal,
              launcher: studio.launcher,
              onNotice: notice,
              onProgress: ({ tokens }) => report({ stage: 'Turning text into tokens', done: tokens }),
              onJudged: ({ stage, ...progress }) =>
                report({
                  stage: stage === 'loss' ? 'Measuring the answers' : 'Asking both models',
                  ...progress,
                }),
            }),
        ),
    );
    return { job: id };
  }),
  delete: withProject.evaluations.delete.handler(({ context, input }) =>
    deleteRequestedEvaluation(context.project.store, input.id),
  ),
};

function waitingFor(ahead: number): string {
  return ahead === 1 ? 'Waiting for another evaluation' : `Waiting for ${ahead} other evaluations`;
}
