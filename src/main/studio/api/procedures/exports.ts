import { findCheckpoint } from '../../checkpoints/find-checkpoint.ts';
import { withProject } from '../implement.ts';
import type { JobProgress } from '../../../../shared/jobs/job.ts';
import type { ExportProcedures } from '../../exports/export-protocol.ts';
import { deleteExport, exportModel, listExports, placeExport, recordExport } from '../../exports/exports.ts';

export const exportsProcedures = {
  list: withProject.exports.list.handler(({ context }) => [...listExports(context.project)]),
  place: withProject.exports.place.handler(async ({ context, input }) =>
    placeExport(
      context.project,
      await findCheckpoint(context.project, input.checkpoint),
      input.format,
      input.folder,
    ),
  ),
  run: withProject.exports.run.handler(async ({ context, input }) => {
    const { project, jobs, studio } = context;
    const { format, replace } = input;
    const checkpoint = await findCheckpoint(project, input.checkpoint);
    const { folder } = await placeExport(project, checkpoint, format, input.folder);
    const { id } = jobs.start(
      {
        kind: 'export',
        title: `Export ${checkpoint.label} as ${format}`,
        subject: { noun: 'checkpoint', name: checkpoint.label },
      },
      async ({ signal, report, notice }) => {
        report({ stage: 'Writing' });
        const made = await exportModel({
          model: checkpoint.folder,
          format,
          output: folder,
          replace,
          signal,
          launcher: studio.launcher,
          onProgress: (progress) => report(stageOf(progress)),
        });
        for (const note of made.notes) notice(note);
        recordExport(project, checkpoint, made);
      },
    );
    return { job: id };
  }),
  delete: withProject.exports.delete.handler(({ context, input }) => deleteExport(context.project, input.id)),
};

function stageOf({ phase, share }: ExportProcedures['exportOnnx']['event']): JobProgress {
  switch (phase) {
    case 'writing':
      return { stage: 'Writing', done: share, total: 1 };
    case 'comparing':
      return { stage: 'Comparing with the checkpoint', done: share, total: 1 };
    default:
      return phase satisfies never;
  }
}
