import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { figureValuesSchema } from '../objectives/objective.ts';

/** Which part of a dataset is measured: the text kept aside, the text trained on, or both. */
export const evaluationSplits = ['validation', 'train', 'all'] as const;
export type EvaluationSplit = (typeof evaluationSplits)[number];

/**
 * What a measured text is to the model: kept aside in its training, trained on, trained on in part, in no file that it was
 * trained on, or unknown, as the model's folder does not say.
 */
export const familiarities = ['keptAside', 'trainedOn', 'partlyTrainedOn', 'new', 'unknown'] as const;
export type Familiarity = (typeof familiarities)[number];

/** A measurement that somebody asked for. A model whose training diverged gives figures that are no numbers: null. */
export const evaluationSchema = z.strictObject({
  id: z.int().positive(),
  /** The model as it is named: RUN@step, models/NAME, or a folder. */
  checkpoint: z.string(),
  run: z.string().optional(),
  step: z.int().nonnegative().optional(),
  folder: z.string(),
  dataset: z.string(),
  split: z.enum(evaluationSplits),
  familiarity: z.enum(familiarities).optional(),
  /** What it was measured at, which declares the figures. */
  objective: z.string(),
  /** Mean over the predictions, in nats. */
  loss: z.number().nullable(),
  /** What else was measured, a baseline's loss among it. */
  figures: figureValuesSchema,
  predictions: z.int().nonnegative(),
  /** Of the text that was predicted, where text was. */
  bytes: z.int().nonnegative().optional(),
  createdAt: momentSchema,
});

export type EvaluationSummary = z.output<typeof evaluationSchema>;

/** A measurement just made, with the figures as they are: NaN for a model that computes none. */
export interface Measurement extends EvaluationSummary {
  readonly familiarity: Familiarity;
  readonly loss: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** What a dataset is to a model, before it is measured. */
export const evaluationPreviewSchema = z.strictObject({
  /** The part that is measured where none is named. */
  split: z.enum(evaluationSplits),
  familiarity: z.record(z.enum(evaluationSplits), z.enum(familiarities)),
  /** Whether it is of the very files that the model was trained on: what differs is its recipe, or how it is parted. */
  sameFiles: z.boolean(),
});
export type EvaluationPreview = z.output<typeof evaluationPreviewSchema>;
