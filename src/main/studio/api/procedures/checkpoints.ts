import { basename, resolve } from 'node:path';
import type { ReadingProcedures } from '../../reading/reading-protocol.ts';
import { withProject } from '../implement.ts';
import { withWorker, type WorkerClient } from '../../processes/worker-client.ts';
import { listCheckpoints } from '../../runs/run-checkpoints.ts';
import { considerDeletion, deleteModel } from '../../checkpoints/delete-model.ts';
import { labelModel, listModels, pinModel } from '../../checkpoints/models.ts';

export const checkpointsProcedures = {
  list: withProject.checkpoints.list.handler(async ({ context, input }) => [
    ...(await listCheckpoints(context.project, input.run)),
  ]),
  listAll: withProject.checkpoints.listAll.handler(({ context }) => [...listModels(context.project)]),
  // A model may come from elsewhere: it is opened in a process whose memory has a limit.
  show: withProject.checkpoints.show.handler(({ context, input, signal }) =>
    context.reading.ask('describeModel', { reference: input.reference }, signal),
  ),
  label: withProject.checkpoints.label.handler(({ context, input }) =>
    labelModel(context.project, input.reference, input.label),
  ),
  pin: withProject.checkpoints.pin.handler(({ context, input }) =>
    pinModel(context.project, input.reference, input.pinned),
  ),
  deletion: withProject.checkpoints.deletion.handler(({ context, input }) =>
    considerDeletion(context.project, context.writing, input.reference),
  ),
  delete: withProject.checkpoints.delete.handler(({ context, input }) =>
    deleteModel(context.project, context.writing, input.reference, input.confirmed),
  ),
  import: withProject.checkpoints.import.handler(({ context, input }) => {
    const { id } = context.jobs.start(
      { kind: 'import', title: `Import the model ${input.name ?? basename(resolve(input.folder))}` },
      async ({ signal, report, notice }) => {
        const { name, notes } = await withWorker(
          context.studio.launcher('reading'),
          'import',
          (worker: WorkerClient<ReadingProcedures>) =>
            worker.call(
              'importModel',
              { ...input, project: context.project.folder },
              { signal, onEvent: (progress) => report({ stage: 'Copying files', ...progress }) },
            ),
        );
        if (input.name === undefined) notice(`It is called ${name} here.`);
        for (const note of notes) notice(note);
      },
    );
    return { job: id };
  }),
};
