import { createRandomNumbers } from '../random/random-numbers.ts';

/** A difference between two models over the same records, and what chance makes of it. */
export interface PairedDifference {
  /** The other's mean minus the one's. */
  readonly difference: number;
  /** Between these lies the difference in 95 of 100 samples of records like these. */
  readonly low: number;
  readonly high: number;
}

/** What two models score on a record, and how much the record counts. */
export interface PairedScore {
  readonly one: number;
  readonly other: number;
  readonly weight: number;
}

const samples = 2000;
const seed = 20_240_229;

/**
 * The bootstrap interval of the difference of two weighted means over the same records (Efron & Tibshirani, "An Introduction to
 * the Bootstrap", 1993, §13.3: percentiles; paired as in Koehn, "Statistical Significance Tests for Machine Translation
 * Evaluation", 2004). The same scores give the same interval.
 */
export function pairedBootstrap(scores: readonly PairedScore[]): PairedDifference {
  const meanOf = (chosen: (index: number) => PairedScore): number => {
    let [sum, weights] = [0, 0];
    for (let index = 0; index < scores.length; index += 1) {
      const { one, other, weight } = chosen(index);
      sum += weight * (other - one);
      weights += weight;
    }
    return weights === 0 ? 0 : sum / weights;
  };
  const random = createRandomNumbers(seed);
  const means = Float64Array.from({ length: samples }, () =>
    meanOf(() => scores[Math.floor(random.next() * scores.length)]!),
  ).toSorted();
  return {
    difference: meanOf((index) => scores[index]!),
    low: means[Math.floor(0.025 * samples)]!,
    high: means[Math.ceil(0.975 * samples) - 1]!,
  };
}
