import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { checkpointSchema } from './checkpoint.ts';

export const checkpointsContract = {
  /** A run's checkpoints, earliest first. */
  list: procedure.input(z.strictObject({ run: z.string() })).output(z.array(checkpointSchema)),
};
