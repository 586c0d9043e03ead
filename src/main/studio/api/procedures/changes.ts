import { withProject } from '../implement.ts';
import { watchChanges } from '../../changes/watch-changes.ts';

export const changesProcedures = {
  watch: withProject.changes.watch.handler(({ context, signal }) => watchChanges(context.project, signal)),
};
