import { withProject } from '../implement.ts';
import { deleteDataset, listDatasets, showDataset } from './datasets.ts';

export const datasetsProcedures = {
  list: withProject.datasets.list.handler(({ context }) => [...listDatasets(context.project)]),
  show: withProject.datasets.show.handler(({ context, input }) => showDataset(context.project, input.name)),
  delete: withProject.datasets.delete.handler(({ context, input }) =>
    deleteDataset(context.project, input.name),
  ),
};
