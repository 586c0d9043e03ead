import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { jobSchema, trainingElsewhereSchema } from './job.ts';

const jobReference = z.strictObject({ id: z.int().positive() });

export const jobsContract = {
  /** The project's jobs, those under way first, then the newest. */
  list: procedure.output(z.array(jobSchema)),
  show: procedure.input(jobReference).output(jobSchema),
  /** What trains on this machine in other projects: one run at most, since they take turns. */
  elsewhere: procedure.output(z.array(trainingElsewhereSchema)),
  /** Asks a job to stop; it reads `cancelled` once it has. A run that trains saves a checkpoint and is paused. */
  cancel: procedure.input(jobReference),
  /** Takes the jobs that have ended off the list. */
  clearEnded: procedure,
};
