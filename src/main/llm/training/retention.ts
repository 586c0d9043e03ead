/** What the retention rule needs to know of a checkpoint. */
export interface RetainedCheckpoint {
  readonly step: number;
  /**
   * Written because its step was due or its evaluation the best so far, as every run of the configuration does; not
   * because the run was paused or ended there.
   */
  readonly regular: boolean;
}

/** Whether a step falls on an interval. */
export function isDue(step: number, interval: number): boolean {
  return step > 0 && step % interval === 0;
}

/**
 * Which checkpoints may be removed, oldest first. Kept are the best one, the newest one (a resume starts from it) and
 * the newest `keep` regular ones. Counting the regular ones alone makes the guard's way back the same whether or not a
 * run was paused in between: it returns to the newest regular checkpoint.
 */
export function removableCheckpoints(
  checkpoints: readonly RetainedCheckpoint[],
  keep: number,
  bestStep: number | undefined,
): readonly RetainedCheckpoint[] {
  const oldestFirst = [...checkpoints].sort((a, b) => a.step - b.step);
  const kept = new Set(oldestFirst.filter(({ regular }) => regular).slice(-Math.max(1, keep)));
  return oldestFirst.filter(
    (checkpoint) =>
      !kept.has(checkpoint) && checkpoint !== oldestFirst.at(-1) && checkpoint.step !== bestStep,
  );
}

/** Where the guard goes back to: the step of the newest regular checkpoint, or 0: what the run began with. */
export function rollbackTarget(checkpoints: readonly RetainedCheckpoint[]): number {
  return Math.max(0, ...checkpoints.filter(({ regular }) => regular).map(({ step }) => step));
}
