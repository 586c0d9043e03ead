import { withoutProject } from '../implement.ts';
import { changeSettings, readSettings } from '../../settings/settings.ts';

export const settingsProcedures = {
  show: withoutProject.settings.show.handler(() => readSettings()),
  change: withoutProject.settings.change.handler(({ input }) => changeSettings(input)),
};
