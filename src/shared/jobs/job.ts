import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { errorAccountSchema } from '../rpc.ts';

/** Long work that a person asked for, one word a kind. */
export const jobKinds = [
  'import',
  'curation',
  'tokenizer',
  'preparation',
  'training',
  'measurement',
  'evaluation',
  'export',
  'verification',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** `interrupted`: the program that did the work went away before it was done. */
export const jobStatuses = ['running', 'completed', 'failed', 'cancelled', 'interrupted'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** How far a job is. */
export const jobProgressSchema = z.strictObject({
  /** What it is busy with, as a short phrase: "Reading files". */
  stage: z.string(),
  done: z.number().min(0).optional(),
  /** What `done` will be at the end, where that is known. */
  total: z.number().positive().optional(),
  /** An estimate in seconds; absent where there is nothing to estimate from. */
  remainingSeconds: z.number().min(0).optional(),
});
export type JobProgress = z.output<typeof jobProgressSchema>;

/** What a job is about, so that a page can lead there. */
export const jobSubjectSchema = z.strictObject({
  noun: z.enum(['dataset', 'tokenizer', 'run', 'checkpoint']),
  name: z.string(),
});
export type JobSubject = z.output<typeof jobSubjectSchema>;

/** A run that trains in another project: this machine's cores are busy with it. */
export const trainingElsewhereSchema = z.strictObject({
  run: z.string(),
  project: z.strictObject({ name: z.string(), folder: z.string() }),
});
export type TrainingElsewhere = z.output<typeof trainingElsewhereSchema>;

export const jobSchema = z.strictObject({
  id: z.int().positive(),
  kind: z.enum(jobKinds),
  /** As a person would say it: "Import reports". */
  title: z.string(),
  subject: jobSubjectSchema.optional(),
  status: z.enum(jobStatuses),
  progress: jobProgressSchema.optional(),
  error: errorAccountSchema.optional(),
  /** Things to know about the outcome, each a sentence: files left out, a vocabulary smaller than asked for. */
  notices: z.array(z.string()),
  startedAt: momentSchema,
  endedAt: momentSchema.optional(),
});
export type Job = z.output<typeof jobSchema>;
