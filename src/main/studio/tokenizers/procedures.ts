import { withProject } from '../implement.ts';
import { deleteTokenizer, listTokenizers, showTokenizer } from './tokenizers.ts';

export const tokenizersProcedures = {
  list: withProject.tokenizers.list.handler(({ context }) => [...listTokenizers(context.project)]),
  show: withProject.tokenizers.show.handler(({ context, input }) =>
    showTokenizer(context.project, input.name),
  ),
  delete: withProject.tokenizers.delete.handler(({ context, input }) =>
    deleteTokenizer(context.project, input.name),
  ),
};
