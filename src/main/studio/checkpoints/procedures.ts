import { basename, resolve } from 'node:path';
import { withProject } from '../implement.ts';
import { findCheckpoint, listCheckpoints } from './checkpoints.ts';
import { considerDeletion, deleteModel } from './delete-model.ts';
import { importModel } from './import-model.ts';
import { describeModel } from './model-card.ts';
import { labelModel, listModels, pinModel } from './models.ts';

export const checkpointsProcedures = {
  list: withProject.checkpoints.list.handler(async ({ context, input }) => [
    ...(await listCheckpoints(context.project, input.run)),
  ]),
  listAll: withProject.checkpoints.listAll.handler(({ context }) => [...listModels(context.project)]),
  show: withProject.checkpoints.show.handler(async ({ context, input }) =>
    describeModel(await findCheckpoint(context.project, input.reference)),
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
        const { name } = await importModel(context.project, {
          ...input,
          signal,
          onProgress: (progress) => report({ stage: 'Copying files', ...progress }),
        });
        if (input.name === undefined) notice(`It is called ${name} here.`);
      },
    );
    return { job: id };
  }),
};
