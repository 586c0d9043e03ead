import { withoutProject } from '../implement.ts';
import { describeHardware } from './hardware.ts';

export const hardwareProcedures = {
  show: withoutProject.hardware.show.handler(() => describeHardware()),
};
