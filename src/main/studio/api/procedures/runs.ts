import { withProject } from '../implement.ts';
import { runCreationProcedures } from './run-creation.ts';
import { withWorker, type WorkerClient } from '../../processes/worker-client.ts';
import type { PreparationProcedures } from '../../training/preparation-protocol.ts';
import { compareRuns, describeRun } from '../../runs/describe-run.ts';
import { renameRun } from '../../runs/rename-run.ts';
import { pauseRun, stopRun } from '../../runs/requests.ts';
import { readDiagnostics } from '../../runs/run-diagnostics.ts';
import { readMetrics } from '../../runs/run-metrics.ts';
import { readRecord } from '../../runs/run-record.ts';
import { chooseRunEngine } from '../../training/choose-engine.ts';
import { deleteRun, listRuns, moveRun, runBytes } from '../../runs/runs.ts';
import { changeTags, replaceNotes } from '../../runs/tags-and-notes.ts';
import { trainAsJob } from '../../training/train-as-job.ts';

export const runsProcedures = {
  ...runCreationProcedures,
  list: withProject.runs.list.handler(async ({ context }) => [...(await listRuns(context.project))]),
  show: withProject.runs.show.handler(({ context, input }) => describeRun(context.project, input.name)),
  start: withProject.runs.start.handler(async ({ context, input }) => {
    if (input.engine !== undefined) await chooseRunEngine(context.project, input.name, input.engine);
    return { job: (await trainAsJob(context, input.name)).id };
  }),
  pause: withProject.runs.pause.handler(({ context, input }) => pauseRun(context, input.name)),
  stop: withProject.runs.stop.handler(({ context, input }) => stopRun(context, input.name)),
  reorder: withProject.runs.reorder.handler(({ context, input }) => {
    moveRun(context.project, input.name, input.before === undefined ? 'first' : { run: input.before });
  }),
  metrics: withProject.runs.metrics.handler(({ context, input }) => readMetrics(context.project, input)),
  record: withProject.runs.record.handler(({ context, input }) => readRecord(context.project, input)),
  diagnostics: withProject.runs.diagnostics.handler(async ({ context, input }) => [
    ...(await readDiagnostics(context.project, input.name)),
  ]),
  compare: withProject.runs.compare.handler(({ context, input }) =>
    compareRuns(context.project, input.names),
  ),
  branch: withProject.runs.branch.handler(async ({ context, input: { name: wanted, ...input }, signal }) => {
    const told: string[] = [];
    const name = await withWorker(
      context.studio.launcher('preparation'),
      'preparation',
      (worker: WorkerClient<PreparationProcedures>) =>
        worker.call(
          'branchRun',
          { ...input, project: context.project.folder, ...(wanted === undefined ? {} : { name: wanted }) },
          { ...(signal === undefined ? {} : { signal }), onEvent: (message) => told.push(message) },
        ),
    );
    return { name, job: (await trainAsJob(context, name, told)).id };
  }),
  rename: withProject.runs.rename.handler(({ context, input }) =>
    renameRun(context.project, input.name, input.to),
  ),
  changeTags: withProject.runs.changeTags.handler(({ context, input }) =>
    changeTags(context.project, input.name, input),
  ),
  setNotes: withProject.runs.setNotes.handler(({ context, input }) =>
    replaceNotes(context.project, input.name, input),
  ),
  size: withProject.runs.size.handler(async ({ context, input }) => ({
    bytes: await runBytes(context.project, input.name),
  })),
  delete: withProject.runs.delete.handler(({ context, input }) => deleteRun(context.project, input.name)),
};
