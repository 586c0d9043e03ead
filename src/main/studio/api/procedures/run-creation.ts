import { LoamError } from '../../../../shared/errors.ts';
import type { ConfigurationIssue } from '../../../../shared/runs/configuration-issue.ts';
import type { PlannedRun } from '../../../../shared/runs/creation-contract.ts';
import type { EstimateAnswer } from '../../../../shared/runs/estimate.ts';
import { withProject, type ProjectContext } from '../implement.ts';
import { createRunAsJob } from '../../training/create-run-as-job.ts';
import { estimateRun } from '../../training/estimate-run.ts';
import { measurePlannedRun } from '../../training/measure-run.ts';
import { startModelCard, type PlannedStart } from '../../training/planned-start.ts';

type Asking = Pick<ProjectContext, 'project' | 'reading'>;

/** The model that a plan begins with. It may come from elsewhere: it is opened in a process whose memory has a limit. */
async function startOf(
  { reading }: Asking,
  { from }: Pick<PlannedRun, 'from'>,
  signal: AbortSignal | undefined,
): Promise<PlannedStart | undefined> {
  return from === undefined ? undefined : reading.ask('describeStart', { reference: from }, signal);
}

/** What a plan would take and give. That its model cannot be read is an issue like others. */
async function estimate(
  context: Asking,
  plan: PlannedRun,
  signal: AbortSignal | undefined,
): Promise<EstimateAnswer> {
  const start = await startOf(context, plan, signal).catch((error: unknown) => {
    if (error instanceof LoamError) return error;
    throw error;
  });
  return start instanceof LoamError
    ? { issues: [unreadableStart(start)] }
    : estimateRun(context.project, plan, start);
}

function unreadableStart({ what, where, remedy }: LoamError): ConfigurationIssue {
  return {
    rule: 'startModelReadable',
    severity: 'error',
    path: 'from',
    what: where === undefined ? what : `${where}: ${what}`,
    remedy,
    corrections: [],
  };
}

/** From an idea to a run in the queue: a part of the noun `runs`. */
export const runCreationProcedures = {
  startModel: withProject.runs.startModel.handler(async ({ context, input, signal }) =>
    startModelCard(
      context.project,
      await context.reading.ask('describeStart', { reference: input.reference }, signal),
    ),
  ),
  estimate: withProject.runs.estimate.handler(({ context, input, signal }) =>
    estimate(context, input, signal),
  ),
  measure: withProject.runs.measure.handler(async ({ context, input, signal }) => {
    const { id } = await measurePlannedRun(context, input, await startOf(context, input, signal));
    return { job: id };
  }),
  create: withProject.runs.create.handler(async ({ context, input, signal }) => {
    const { id, run } = await createRunAsJob(context, input, await startOf(context, input, signal));
    return { job: id, run };
  }),
};
