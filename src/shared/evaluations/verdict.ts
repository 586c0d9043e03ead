import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { evaluationSplits } from './evaluation.ts';

/** Two models beside each other: the means of what they score, and the other's minus the one's with its interval. */
const differenceSchema = z.strictObject({
  base: z.number(),
  model: z.number(),
  difference: z.number(),
  /** Between these lies the difference in 95 of 100 samples of records like these. */
  low: z.number(),
  high: z.number(),
});

/** What an answer scores beside the one in its record, each from 0 to 1. */
export const answerScores = ['exactMatch', 'rougeL', 'chrf'] as const;
export type AnswerScore = (typeof answerScores)[number];

const answerSchema = z.strictObject({
  question: z.string(),
  reference: z.string(),
  base: z.string(),
  model: z.string(),
});

/** What training changed of a model: both measured on the same records, and asked the same questions. */
export const verdictSchema = z.strictObject({
  /** The trained model, as it is named. */
  model: z.string(),
  /** What it is held against. */
  base: z.string(),
  dataset: z.string(),
  split: z.enum(evaluationSplits),
  /** Records whose loss was measured. */
  records: z.int().positive(),
  /** The loss of the answers, in nats; lower is better. */
  loss: differenceSchema,
  /** Of the answers that both wrote. */
  scores: z.record(z.enum(answerScores), differenceSchema),
  answers: z.array(answerSchema).readonly(),
  createdAt: momentSchema,
});
export type Verdict = Readonly<z.output<typeof verdictSchema>>;
export type ScoreDifference = Readonly<z.output<typeof differenceSchema>>;

/** What a difference says, and where it may be chance: an interval that holds zero. */
export type Judgement = 'better' | 'worse' | 'noDifference';

/** Judges a difference of losses: a lower one is better. */
export function judgeLoss({ low, high }: ScoreDifference): Judgement {
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'noDifference';
}

/** Judges a difference of scores: a higher one is better. */
export function judgeScore({ low, high }: ScoreDifference): Judgement {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'noDifference';
}
