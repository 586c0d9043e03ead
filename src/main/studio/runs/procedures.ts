import { withProject } from '../implement.ts';
import { deleteRun, listRuns, runBytes } from './runs.ts';

export const runsProcedures = {
  list: withProject.runs.list.handler(async ({ context }) => [...(await listRuns(context.project))]),
  size: withProject.runs.size.handler(async ({ context, input }) => ({
    bytes: await runBytes(context.project, input.name),
  })),
  delete: withProject.runs.delete.handler(({ context, input }) => deleteRun(context.project, input.name)),
};
