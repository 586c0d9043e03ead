import { withProject } from '../implement.ts';

export const jobsProcedures = {
  list: withProject.jobs.list.handler(({ context }) => [...context.jobs.list()]),
  show: withProject.jobs.show.handler(({ context, input }) => context.jobs.show(input.id)),
  cancel: withProject.jobs.cancel.handler(({ context, input }) => context.jobs.cancel(input.id)),
  clearEnded: withProject.jobs.clearEnded.handler(({ context }) => context.jobs.clearEnded()),
};
