import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { runSchema } from './run.ts';

const reference = z.strictObject({ name: z.string() });

export const runsContract = {
  /** All runs, newest first. */
  list: procedure.output(z.array(runSchema)),
  /** What deleting a run would free. */
  size: procedure.input(reference).output(z.strictObject({ bytes: z.number() })),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
