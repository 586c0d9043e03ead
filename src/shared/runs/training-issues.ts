import type { TrainingConfiguration } from './configuration.ts';
import type { ConfigurationIssue } from './configuration-issue.ts';

/** The divisors of a number next to another one, nearest first. */
function nearestDivisors(number: number, wanted: number): readonly number[] {
  const lower = range(Math.min(wanted, number), 1).find((candidate) => number % candidate === 0);
  const upper = range(wanted + 1, number).find((candidate) => number % candidate === 0);
  return [lower, upper]
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
}

function range(from: number, to: number): readonly number[] {
  const step = from <= to ? 1 : -1;
  return from > to && step === 1
    ? []
    : Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + step * index);
}

/** What does not go together about how a model learns and for how long. */
export function trainingIssues(training: TrainingConfiguration): readonly ConfigurationIssue[] {
  const { batchSize, microBatchSize, steps, evaluationInterval, warmupSteps } = training;
  const { learningRate, minimumLearningRate, schedule } = training;
  const found: ConfigurationIssue[] = [];
  if (microBatchSize !== 'auto' && batchSize % microBatchSize !== 0) {
    const sizes = nearestDivisors(batchSize, microBatchSize);
    found.push({
      rule: 'microBatchDividesBatch',
      severity: 'error',
      path: 'training.microBatchSize',
      what: `Micro-batches of ${microBatchSize} do not divide the batch of ${batchSize} evenly.`,
      remedy: `Let it be measured (auto), or use ${sizes.join(' or ')}.`,
      corrections: [
        { label: 'Measure it', changes: [{ path: 'training.microBatchSize', value: 'auto' }] },
        ...sizes.map((size) => ({
          label: `Micro-batches of ${size}`,
          changes: [{ path: 'training.microBatchSize', value: size }],
        })),
      ],
    });
  }
  if (schedule !== 'constant' && minimumLearningRate > learningRate)
    found.push({
      rule: 'learningRateFalls',
      severity: 'error',
      path: 'training.minimumLearningRate',
      what: `The learning rate would end higher (${minimumLearningRate}) than it begins (${learningRate}).`,
      remedy: 'Usual is an end at a tenth of the beginning.',
      corrections: [
        {
          label: `End at ${tenth(learningRate)}`,
          changes: [{ path: 'training.minimumLearningRate', value: tenth(learningRate) }],
        },
        { label: 'Keep it constant', changes: [{ path: 'training.schedule', value: 'constant' }] },
      ],
    });
  if (steps !== undefined && steps < evaluationInterval) {
    const interval = Math.max(1, Math.floor(steps / 5));
    found.push({
      rule: 'budgetReachesEvaluation',
      severity: 'error',
      path: 'training.steps',
      what: `A run of ${steps} ${steps === 1 ? 'step' : 'steps'} ends before its first evaluation at step ${evaluationInterval}, so that nobody sees whether it learns.`,
      remedy: 'Train for longer, or evaluate more often.',
      corrections: [
        {
          label: interval === 1 ? 'Evaluate every step' : `Evaluate every ${interval} steps`,
          changes: [{ path: 'training.evaluationInterval', value: interval }],
        },
        {
          label: `Train ${evaluationInterval} steps`,
          changes: [{ path: 'training.steps', value: evaluationInterval }],
        },
      ],
    });
  }
  if (steps !== undefined && warmupSteps >= steps && warmupSteps > 0) {
    const shorter = Math.floor(steps / 10);
    found.push({
      rule: 'warmupFitsBudget',
      severity: 'warning',
      path: 'training.warmupSteps',
      what: `A warm-up of ${warmupSteps} steps does not fit into a run of ${steps}.`,
      remedy: `It would be shortened to ${shorter}.`,
      corrections: [
        {
          label: shorter === 0 ? 'No warm-up' : `Warm up over ${shorter} ${shorter === 1 ? 'step' : 'steps'}`,
          changes: [{ path: 'training.warmupSteps', value: shorter }],
        },
      ],
    });
  }
  return found;
}

/** A tenth, without the digits that floating point adds. */
function tenth(rate: number): number {
  return Number((rate / 10).toPrecision(6));
}
