import type { EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';

/** How a model does beside a count of which token follows which. */
export const verdicts = ['muchBetter', 'better', 'noBetter', 'worse'] as const;
export type Verdict = (typeof verdicts)[number];

/** Losses that differ by less than this are as good as each other. */
const alike = 0.02;
/** From here on a model clearly knows more than neighbouring tokens. */
const clearly = 0.15;

/** @returns undefined where there is no count to compare with, or the model gives no numbers. */
export function verdictOf({
  loss,
  bigramLoss,
}: Pick<EvaluationSummary, 'loss' | 'bigramLoss'>): Verdict | undefined {
  if (loss === null || bigramLoss === null || bigramLoss === undefined || bigramLoss <= 0) return undefined;
  const share = loss / bigramLoss - 1;
  if (share > alike) return 'worse';
  if (share > -alike) return 'noBetter';
  return share > -clearly ? 'better' : 'muchBetter';
}
