import { LoamError } from '../../../shared/errors.ts';
import type { Calibration } from '../../../shared/runs/events.ts';

/** What trying one micro-batch size showed. */
export type CalibrationCandidate = Calibration['candidates'][number];

/** How a choice is measured; the effects are the caller's. Times in seconds, memory in bytes. */
export interface CalibrationMeasures {
  /**
   * Runs a few micro-batches of this size and leaves nothing behind.
   * @throws LoamError of kind 'environment' when they do not fit in memory
   */
  measure(microBatchSize: number): Promise<CalibrationCandidate>;
  /** Resident memory before any candidate ran: parameters, gradients and optimizer state. */
  readonly memoryBefore: number;
  /** What the resident memory may grow to, as things stand now. */
  memoryLimit(): number;
  /** What a micro-batch's activations may take: larger ones are not tried, since they are hardly faster. Bytes. */
  readonly activationLimit: number;
  readonly clock: () => number;
  /** No further candidate is begun after so long. */
  readonly secondsAllowed: number;
  readonly signal: AbortSignal;
}

/**
 * Times within this factor count as equal, since short measurements waver by as much. A larger micro-batch must be faster
 * by more to be worth its memory.
 */
const equalTimes = 1.05;

/** So many sizes in succession that are not worth their memory end the search; one may have met with a busy moment. */
const sizesWithoutGain = 3;

/** The sizes that divide a batch into equal micro-batches, smallest first. */
export function microBatchSizes(batchSize: number): readonly number[] {
  return Array.from({ length: batchSize }, (_, index) => index + 1).filter((size) => batchSize % size === 0);
}

/**
 * Tries micro-batch sizes from the smallest up and returns what was measured. The search ends before a size that is
 * expected not to fit in memory or to take more than activations may (they grow in proportion to it), at one that does
 * not fit after all, after three that are not worth their memory, and when the time allowed is spent. So the process does
 * not grow for sizes that would not be chosen.
 */
export async function tryMicroBatchSizes(
  sizes: readonly number[],
  measures: CalibrationMeasures,
): Promise<readonly CalibrationCandidate[]> {
  const start = measures.clock();
  const candidates: CalibrationCandidate[] = [];
  let toBeat = Infinity;
  let withoutGain = 0;
  for (const size of sizes) {
    const last = candidates.at(-1);
    if (last !== undefined) {
      const activations = ((last.memoryBytes - measures.memoryBefore) * size) / last.microBatchSize;
      if (activations > measures.activationLimit) break;
      if (measures.memoryBefore + activations > measures.memoryLimit()) break;
      if (withoutGain === sizesWithoutGain) break;
      if (measures.clock() - start > measures.secondsAllowed || measures.signal.aborted) break;
    }
    try {
      const candidate = await measures.measure(size);
      candidates.push(candidate);
      const gains = candidate.secondsPerStep * equalTimes < toBeat;
      withoutGain = gains ? 0 : withoutGain + 1;
      if (gains) toBeat = candidate.secondsPerStep;
    } catch (error) {
      // A size that did not fit after all: the smaller ones did.
      if (candidates.length > 0 && error instanceof LoamError && error.kind === 'environment') break;
      throw error;
    }
  }
  return candidates;
}

/**
 * The candidate to train with: of those about as fast as the fastest the one that takes the least memory, and of equals
 * the smallest. So noise in the times does not buy a larger process.
 */
export function choose(candidates: readonly CalibrationCandidate[]): CalibrationCandidate {
  const limit = equalTimes * fastest(candidates).secondsPerStep;
  return candidates
    .filter(({ secondsPerStep }) => secondsPerStep <= limit)
    .reduce((best, candidate) => (candidate.memoryBytes < best.memoryBytes ? candidate : best));
}

function fastest(candidates: readonly CalibrationCandidate[]): CalibrationCandidate {
  return candidates.reduce((best, candidate) =>
    candidate.secondsPerStep < best.secondsPerStep ? candidate : best,
  );
}
