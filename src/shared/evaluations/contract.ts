import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { evaluationSchema } from './evaluation.ts';

export const evaluationsContract = {
  /** The measurements that somebody asked for, newest first. */
  list: procedure.output(z.array(evaluationSchema)),
};
