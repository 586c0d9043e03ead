/** The best evaluation so far, and how many have passed since. Plain data, a part of every checkpoint. */
export interface EvaluationRecord {
  readonly best: { readonly step: number; readonly loss: number } | undefined;
  readonly evaluationsSinceBest: number;
}

export const noEvaluations: EvaluationRecord = { best: undefined, evaluationsSinceBest: 0 };

/** Takes in an evaluation. Only a strictly lower loss is better; one that is not finite never is. */
export function recordEvaluation(record: EvaluationRecord, step: number, loss: number): EvaluationRecord {
  const better = Number.isFinite(loss) && (record.best === undefined || loss < record.best.loss);
  return better
    ? { best: { step, loss }, evaluationsSinceBest: 0 }
    : { best: record.best, evaluationsSinceBest: record.evaluationsSinceBest + 1 };
}

/** Whether `patience` evaluations have passed without a better one. Without a patience the run never stops early. */
export function patienceIsSpent(record: EvaluationRecord, patience: number | undefined): boolean {
  return patience !== undefined && record.evaluationsSinceBest >= patience;
}
