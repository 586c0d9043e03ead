import type { EvaluationSummary } from '../../../shared/evaluations/evaluation.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';

/** How a model does beside its objective's baseline. */
export const verdicts = ['muchBetter', 'better', 'noBetter', 'worse'] as const;
export type Verdict = (typeof verdicts)[number];

/** Losses that differ by less than this are as good as each other. */
const alike = 0.02;
/** From here on a model clearly knows more than the baseline. */
const clearly = 0.15;

/** The loss of the baseline on what was measured; undefined where there is none to compare with. */
export function baselineLossOf(
  { figures }: Pick<EvaluationSummary, 'figures'>,
  objective: ObjectiveDeclaration | undefined,
): number | undefined {
  const loss = objective?.baseline === undefined ? undefined : figures[objective.baseline.figure];
  return loss === null || loss === undefined || loss <= 0 ? undefined : loss;
}

/** @returns undefined where there is no baseline to compare with, or the model gives no numbers. */
export function verdictOf(loss: number | null, baselineLoss: number | undefined): Verdict | undefined {
  if (loss === null || baselineLoss === undefined) return undefined;
  const share = loss / baselineLoss - 1;
  if (share > alike) return 'worse';
  if (share > -alike) return 'noBetter';
  return share > -clearly ? 'better' : 'muchBetter';
}
