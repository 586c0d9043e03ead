import { withoutProject } from '../implement.ts';
import { describeMachine } from '../../hardware/machine.ts';

export const hardwareProcedures = {
  show: withoutProject.hardware.show.handler(() => describeMachine()),
};
