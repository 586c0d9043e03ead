import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { verdictSchema } from './verdict.ts';
import { evaluationPreviewSchema, evaluationSchema, evaluationSplits } from './evaluation.ts';

const subject = { checkpoint: z.string().min(1).max(4096), dataset: z.string() };

export const evaluationsContract = {
  /** The measurements that somebody asked for, newest first. */
  list: procedure.output(z.array(evaluationSchema)),
  /** Whether a model knows a dataset, and which part would be measured. */
  preview: procedure.input(z.strictObject(subject)).output(evaluationPreviewSchema),
  /** Measures a model on a dataset, as a job. */
  run: procedure
    .input(z.strictObject({ ...subject, split: z.enum(evaluationSplits).optional() }))
    .output(z.strictObject({ job: z.int().positive() })),
  delete: procedure.input(z.strictObject({ id: z.int().positive() })),

  /** The last verdict on a run's model; null where there is none. */
  verdict: procedure.input(z.strictObject({ run: z.string() })).output(verdictSchema.nullable()),
  /** Holds a run's model against the one that it began with, on records kept aside, as a job. */
  judge: procedure
    .input(
      z.strictObject({
        checkpoint: subject.checkpoint,
        /** Both answer so many questions, at most. */
        questions: z.int().positive().max(1000).optional(),
      }),
    )
    .output(z.strictObject({ job: z.int().positive() })),
};
