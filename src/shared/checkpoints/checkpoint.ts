import { z } from 'zod';
import { modelTasks } from '../models/model-task.ts';
import { momentSchema } from '../names.ts';
import { provenanceSchema, runStatuses } from '../runs/run.ts';

/** A checkpoint that a run keeps. */
export const checkpointSchema = z.strictObject({
  run: z.string(),
  step: z.int().nonnegative(),
  folder: z.string(),
  bytes: z.int().nonnegative(),
  /** Validation loss in nats per token, where it was measured at this step. */
  loss: z.number().optional(),
  best: z.boolean(),
  createdAt: momentSchema,
});

export type CheckpointSummary = z.output<typeof checkpointSchema>;

/** A model that can be used: a checkpoint of a run, or a model folder that was imported. */
export const modelSchema = z.strictObject({
  /** How every procedure names it: RUN@step, or models/NAME. */
  reference: z.string(),
  origin: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('run'),
      run: z.string(),
      /** Whether its run is done, trains on, or waits. */
      status: z.enum(runStatuses),
      step: z.int().nonnegative(),
      /** The one with the lowest validation loss in its run. */
      best: z.boolean(),
      /** The newest one of its run. */
      last: z.boolean(),
      dataset: z.string(),
      tokenizer: z.string(),
    }),
    z.strictObject({
      kind: z.literal('imported'),
      name: z.string(),
      /** The folder that it was copied from. */
      from: z.string(),
    }),
  ]),
  /** What a person calls it. */
  label: z.string().optional(),
  /** Kept when its run clears old checkpoints away. */
  pinned: z.boolean(),
  folder: z.string(),
  bytes: z.int().nonnegative(),
  /** Validation loss in nats per token, where it was measured. */
  loss: z.number().optional(),
  /** The published kind of model that it is, as Hugging Face names it: gpt2, llama … */
  modelType: z.string(),
  /** What it can be used for. */
  tasks: z.array(z.enum(modelTasks)),
  parameters: z.int().positive(),
  contextLength: z.int().positive(),
  vocabularySize: z.int().positive().optional(),
  createdAt: momentSchema,
});
export type ModelSummary = z.output<typeof modelSchema>;

/** The parameters of one part of a model. */
export const modelPartSchema = z.strictObject({
  part: z.enum(['embedding', 'attention', 'feedForward', 'normalization', 'output']),
  parameters: z.int().nonnegative(),
});

/** One thing about how a model is built: what it is called, and its value. */
export const modelFactSchema = z.strictObject({
  label: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
export type ModelFact = z.output<typeof modelFactSchema>;

/** Everything that a model's folder says of it. */
export const modelCardSchema = z.strictObject({
  reference: z.string(),
  folder: z.string(),
  /** How it is built, in the words of its architecture. */
  facts: z.array(modelFactSchema),
  /** What it can be used for. */
  tasks: z.array(z.enum(modelTasks)),
  parameters: z.int().positive(),
  parts: z.array(modelPartSchema),
  /** What of its files is read as something else than they say, in sentences. */
  notes: z.array(z.string()),
  /** Whether it was made for conversations: its tokenizer has a chat template. */
  chat: z.boolean(),
  tokenizer: z.strictObject({ kind: z.string(), hash: z.string() }),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative() })),
  /** What made it, where its folder or its run says so. */
  provenance: provenanceSchema.optional(),
});
export type ModelCard = z.output<typeof modelCardSchema>;

/** What deleting a model would mean. */
export const deletionSchema = z.strictObject({
  bytes: z.int().nonnegative(),
  /** Why it may still be needed, as sentences; a deletion must then be confirmed. */
  reasons: z.array(z.string()),
});
export type ModelDeletion = z.output<typeof deletionSchema>;
