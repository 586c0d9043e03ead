import { procedure } from '../rpc.ts';
import { hardwareSchema } from '../runs/run.ts';

export const hardwareContract = {
  /** The machine that computes. */
  show: procedure.output(hardwareSchema),
};
