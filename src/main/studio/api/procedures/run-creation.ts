import { withProject } from '../implement.ts';
import { createRunAsJob } from '../../training/create-run-as-job.ts';
import { estimateRun } from '../../training/estimate-run.ts';
import { measurePlannedRun } from '../../training/measure-run.ts';

/** From an idea to a run in the queue: a part of the noun `runs`. */
export const runCreationProcedures = {
  estimate: withProject.runs.estimate.handler(({ context, input }) => estimateRun(context.project, input)),
  measure: withProject.runs.measure.handler(async ({ context, input }) => {
    const { id } = await measurePlannedRun(context, input);
    return { job: id };
  }),
  create: withProject.runs.create.handler(async ({ context, input }) => {
    const { id, run } = await createRunAsJob(context, input);
    return { job: id, run };
  }),
};
