import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** Which part of a dataset is measured: the text kept aside, the text trained on, or both. */
export const evaluationSplits = ['validation', 'train', 'all'] as const;
export type EvaluationSplit = (typeof evaluationSplits)[number];

/**
 * What a measured text is to the model: kept aside in its training, trained on, trained on in part, in no file that it was
 * trained on, or unknown, as the model's folder does not say.
 */
export type Familiarity = 'keptAside' | 'trainedOn' | 'partlyTrainedOn' | 'new' | 'unknown';

/** A measurement that somebody asked for. */
export const evaluationSchema = z.strictObject({
  run: z.string().optional(),
  step: z.int().nonnegative().optional(),
  folder: z.string(),
  dataset: z.string(),
  split: z.enum(evaluationSplits),
  /** Mean negative log-likelihood in nats per token. */
  loss: z.number(),
  perplexity: z.number(),
  /** Comparable between tokenizers. */
  bitsPerByte: z.number(),
  tokens: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  createdAt: momentSchema,
});

export type EvaluationSummary = z.output<typeof evaluationSchema>;

/** A measurement just made. Only now is it said what the text is to the model: datasets may be replaced later. */
export interface Measurement extends EvaluationSummary {
  readonly familiarity: Familiarity;
}
