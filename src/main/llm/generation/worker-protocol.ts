import { z } from 'zod';
import { gptStyles } from '../../../shared/models/gpt-configuration.ts';
import { generationSettingsSchema } from './settings.ts';

/**
 * What the process that asks and the generation worker say to each other. Both sides parse every message before they
 * believe it. Requests are carried out one after another; each gets one last reply, with its id.
 */

const id = z.int().min(0);

/** From the process that asks. */
export const generationRequestSchema = z.discriminatedUnion('type', [
  /** Loads a model folder in place of the one that is loaded. */
  z.strictObject({
    type: z.literal('load'),
    id,
    folder: z.string(),
    threads: z.int().positive(),
    cacheLength: z.int().positive().optional(),
  }),
  z.strictObject({ type: z.literal('generate'), id, settings: generationSettingsSchema }),
  /** Stops the load or the writing that has this id, under way or waiting. It has no reply of its own. */
  z.strictObject({ type: z.literal('cancel'), id }),
  z.strictObject({ type: z.literal('unload'), id }),
]);
export type GenerationWorkerRequest = z.output<typeof generationRequestSchema>;

/** What is loaded. */
export const loadedModelSchema = z.strictObject({
  style: z.enum(gptStyles),
  vocabularySize: z.int().positive(),
  contextLength: z.int().positive(),
  parameters: z.int().positive(),
  tokenizerHash: z.string(),
});
export type LoadedModel = z.output<typeof loadedModelSchema>;

const resultSchema = z.strictObject({
  text: z.string(),
  ids: z.array(z.int().min(0)),
  reason: z.enum(['length', 'endOfText', 'stop', 'cancelled']),
  promptTokens: z.int().min(0),
  tokensPerSecond: z.number().min(0),
});

/** An error on its way between processes: one for a person, or a defect of the program. */
export const failureSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('account'),
    account: z.strictObject({
      kind: z.enum(['misuse', 'input', 'environment', 'interrupted']),
      what: z.string(),
      where: z.string().optional(),
      remedy: z.string(),
    }),
  }),
  z.strictObject({ kind: z.literal('defect'), message: z.string(), stack: z.string().optional() }),
]);
export type Failure = z.output<typeof failureSchema>;

/** From the worker. */
export const generationReplySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('loaded'), id, model: loadedModelSchema }),
  /** A piece of the text that begins at `offset` (in UTF-16 code units, from 0); pieces follow one another. */
  z.strictObject({ type: z.literal('text'), id, offset: z.int().min(0), text: z.string() }),
  z.strictObject({ type: z.literal('done'), id, result: resultSchema }),
  z.strictObject({ type: z.literal('unloaded'), id }),
  /** `id` is absent when the request was no valid message. */
  z.strictObject({ type: z.literal('failed'), id: id.optional(), failure: failureSchema }),
]);
export type GenerationWorkerReply = z.output<typeof generationReplySchema>;
