import { withProject } from '../implement.ts';
import { listCheckpoints } from './checkpoints.ts';

export const checkpointsProcedures = {
  list: withProject.checkpoints.list.handler(async ({ context, input }) => [
    ...(await listCheckpoints(context.project, input.run)),
  ]),
};
