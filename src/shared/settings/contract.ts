import { procedure } from '../rpc.ts';
import { settingsSchema } from './settings.ts';

export const settingsContract = {
  show: procedure.output(settingsSchema),
  /** Changes the settings given and keeps the others. */
  change: procedure.input(settingsSchema.partial()).output(settingsSchema),
};
