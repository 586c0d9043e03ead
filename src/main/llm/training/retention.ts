/** What the retention rule goes by. */
export interface RetentionRule {
  /** Steps between the checkpoints that are written because their step is due. */
  readonly interval: number;
  /** How many of the newest due ones are kept. */
  readonly keep: number;
  /** The step of the best evaluation, if that is known. */
  readonly bestStep: number | undefined;
}

/** Whether a checkpoint at this step is one that every run of this configuration writes, paused in between or not. */
export function isDue(step: number, interval: number): boolean {
  return step > 0 && step % interval === 0;
}

/**
 * Which checkpoints may be removed, oldest first. Kept are the best one, the newest one (a resume starts from it) and
 * the newest `keep` due ones. Counting the due ones alone makes the guard's way back the same whether or not a run was
 * paused in between: it returns to the newest due checkpoint.
 * @param steps the steps of the checkpoints there are
 */
export function removableCheckpoints(steps: readonly number[], rule: RetentionRule): readonly number[] {
  const oldestFirst = [...steps].sort((a, b) => a - b);
  const newest = oldestFirst.at(-1);
  const kept = new Set(
    oldestFirst.filter((step) => isDue(step, rule.interval)).slice(-Math.max(1, rule.keep)),
  );
  return oldestFirst.filter((step) => !kept.has(step) && step !== newest && step !== rule.bestStep);
}

/** Where the guard goes back to from `step`: the newest due checkpoint, or 0, the untrained model. */
export function rollbackTarget(steps: readonly number[], interval: number): number {
  return Math.max(0, ...steps.filter((step) => isDue(step, interval)));
}
