import { basename } from 'node:path';
import type { TrainingElsewhere } from '../../../../shared/jobs/job.ts';
import { withProject } from '../implement.ts';
import { findTrainingOnMachine } from '../../training/turn.ts';

export const jobsProcedures = {
  list: withProject.jobs.list.handler(({ context }) => [...context.jobs.list()]),
  show: withProject.jobs.show.handler(({ context, input }) => context.jobs.show(input.id)),
  elsewhere: withProject.jobs.elsewhere.handler(({ context }) => trainingElsewhere(context.project.folder)),
  cancel: withProject.jobs.cancel.handler(({ context, input }) => context.jobs.cancel(input.id)),
  clearEnded: withProject.jobs.clearEnded.handler(({ context }) => context.jobs.clearEnded()),
};

function trainingElsewhere(own: string): TrainingElsewhere[] {
  const training = findTrainingOnMachine();
  if (training === undefined || training.folder === own) return [];
  const { run, folder } = training;
  return [{ run, project: { name: basename(folder), folder } }];
}
