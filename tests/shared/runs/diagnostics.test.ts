import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../src/shared/runs/configuration-schema.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import type { EvaluationPoint } from '../../../src/shared/runs/metrics.ts';
import { applyChanges } from '../../../src/shared/runs/configuration-issue.ts';
import { findConfigurationIssues } from '../../../src/shared/runs/configuration-issues.ts';
import { diagnosticKinds, suggestedChanges } from '../../../src/shared/runs/diagnostic.ts';
import { findDiagnostics, type DiagnosticInput } from '../../../src/shared/runs/diagnostics.ts';

/** Repeatable noise between -1 and 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 1_073_741_824 - 1) * 0.999;
  };
}

interface Curve {
  readonly steps?: number;
  readonly planned?: number;
  readonly bucket?: number;
  readonly loss: (step: number) => number | null;
  readonly validation?: (step: number) => number | null;
  readonly evaluationInterval?: number;
  readonly norm?: (step: number) => number;
  readonly rate?: (step: number) => number;
  readonly configuration?: RunConfigurationInput;
  readonly vocabularySize?: number;
  readonly validationTokens?: number;
  /** Tokens a second; by the clock, a second a bucket passes at each. */
  readonly speed?: (step: number) => number;
  readonly secondsPerBucket?: number;
  readonly rollbacks?: DiagnosticInput['rollbacks'];
  readonly guardStopped?: boolean;
}

function input(curve: Curve): DiagnosticInput {
  const { steps = 4000, bucket = 10, loss, norm = () => 1, evaluationInterval = 250 } = curve;
  const configuration = parseConfiguration(curve.configuration ?? {});
  const rate = curve.rate ?? (() => configuration.training.learningRate);
  const random = noise(7);
  const at = Array.from({ length: Math.floor(steps / bucket) }, (_, index) => (index + 1) * bucket);
  const means = at.map((step) => {
    const value = loss(step);
    return value === null ? null : value + 0.03 * random();
  });
  const peaks = at.map((step, index) => {
    const mean = means[index];
    return mean === null || mean === undefined ? null : Math.max(mean, loss(step) ?? mean) + 0.08;
  });
  const norms = at.map((step) => norm(step) * (1 + 0.2 * random()));
  const speeds = at.map((step) => (curve.speed?.(step) ?? 5000) * (1 + 0.1 * random()));
  const series = (min: (number | null)[], max: (number | null)[], mean: (number | null)[]) => ({
    min,
    max,
    mean,
    last: mean,
  });
  const evaluations = Array.from(
    { length: Math.floor(steps / evaluationInterval) },
    (_, index): EvaluationPoint => {
      const step = (index + 1) * evaluationInterval;
      const value = (curve.validation ?? ((each) => (loss(each) ?? 0) + 0.1))(step);
      return {
        step,
        loss: value === null ? null : value + 0.005 * random(),
        figures: {},
        elapsedSeconds: step,
        tokens: step,
        complete: false,
      };
    },
  );
  return {
    metrics: {
      step: at,
      elapsedSeconds: at.map((_, index) => (index + 1) * (curve.secondsPerBucket ?? 1)),
      series: {
        loss: series(means, peaks, means),
        gradientNorm: series(norms, norms, norms),
        learningRate: series(at.map(rate), at.map(rate), at.map(rate)),
        tokensPerSecond: series(speeds, speeds, speeds),
      },
      evaluations,
    },
    configuration,
    steps: curve.planned ?? steps,
    vocabularySize: curve.vocabularySize ?? 2048,
    validationTokens: curve.validationTokens ?? 100_000,
    rollbacks: curve.rollbacks ?? [],
    guardStopped: curve.guardStopped ?? false,
  };
}

const kinds = (curve: Curve) => findDiagnostics(input(curve)).map(({ kind }) => kind);
const find = (curve: Curve, kind: string) =>
  findDiagnostics(input(curve)).find((diagnostic) => diagnostic.kind === kind);

/** As a loss falls in a run that goes well: steeply, then along a power of the step. */
const healthy = (step: number): number => 1.5 + 6 * (1 + step / 20) ** -0.7;

describe('a healthy run', () => {
  test.each<readonly [string, Curve]>([
    ['that is done', { loss: healthy }],
    ['of single steps, which are noisy', { loss: healthy, steps: 400, bucket: 1 }],
    ['that has only begun', { loss: healthy, steps: 60, bucket: 1, planned: 4000 }],
    ['in the middle', { loss: healthy, steps: 1500, planned: 5000 }],
    ['that flattens at its end', { loss: (step) => healthy(Math.min(step, 3000)) }],
    ['with a single jump that it takes back', { loss: (step) => healthy(step) + (step === 2000 ? 1 : 0) }],
    ['whose gradient is large in the warm-up', { loss: healthy, norm: (step) => (step < 100 ? 20 : 1) }],
    [
      'whose validation loss wavers a little at its end',
      { loss: healthy, validation: (step) => healthy(step) + 0.1 + (step > 3000 ? 0.008 * (step % 3) : 0) },
    ],
    [
      'with validation above training, but not rising',
      { loss: healthy, validation: (step) => healthy(Math.min(step, 2000)) + 0.4 },
    ],
    ['with one rollback', { loss: healthy, rollbacks: [{ step: 900, toStep: 750 }] }],
    ['whose loss is tiny', { loss: (step) => 0.1 + 3 * Math.exp(-step / 50) }],
    ['that branched from one that had learnt already', { loss: () => 0.17, steps: 1000 }],
    ['without any evaluation yet', { loss: healthy, steps: 200, bucket: 1, evaluationInterval: 250 }],
    ['without any step', { loss: healthy, steps: 0 }],
  ])('%s gets no diagnostic', (_, curve) => {
    expect(kinds(curve)).toEqual([]);
  });
});

describe('a run that diverges', () => {
  const curve: Curve = {
    loss: (step) => (step < 1500 ? healthy(step) : healthy(1500) + Math.min(4, (step - 1500) / 100)),
  };

  test('is told where it began, with a third of the learning rate and a checkpoint from before', () => {
    const diagnostic = find(curve, 'diverging');
    expect(diagnostic?.step).toBeGreaterThan(1400);
    expect(diagnostic?.step).toBeLessThan(2000);
    expect(diagnostic?.suggestion).toEqual({
      change: { path: 'training.learningRate', from: 0.001, to: 0.0003 },
      branchFrom: 1250,
    });
    expect(kinds(curve)).toEqual(['diverging']);
  });

  test('shows by losses that are no numbers', () => {
    expect(find({ loss: (step) => (step > 2000 ? null : healthy(step)) }, 'diverging')?.step).toBe(2010);
  });

  test('shows by the guard, which ended it or went back twice', () => {
    const rollbacks = [
      { step: 900, toStep: 750 },
      { step: 880, toStep: 750 },
    ];
    expect(find({ loss: healthy, rollbacks }, 'diverging')).toMatchObject({
      step: 900,
      figures: { rollbacks: 2 },
      suggestion: { branchFrom: 750 },
    });
    expect(kinds({ loss: healthy, guardStopped: true })).toEqual(['diverging']);
  });

  test('with a learning rate far from any use is given a usual one', () => {
    const diagnostic = find({ ...curve, configuration: { training: { learningRate: 0.5 } } }, 'diverging');
    expect(diagnostic?.suggestion?.change.to).toBe(0.001);
  });
});

describe('a run that overfits', () => {
  const curve: Curve = {
    loss: (step) => 4 * Math.exp(-step / 800) + 0.1,
    validation: (step) => 2.5 + 2 * Math.exp(-step / 300) + Math.max(0, step - 1500) / 2000,
  };

  test('is told the best step, and to take dropout', () => {
    const diagnostic = find(curve, 'overfitting');
    expect(diagnostic?.step).toBeGreaterThanOrEqual(1250);
    expect(diagnostic?.step).toBeLessThanOrEqual(1750);
    expect(diagnostic?.suggestion).toMatchObject({
      change: { path: 'model.dropout', from: 0, to: 0.1 },
      branchFrom: diagnostic?.step,
    });
    expect(kinds(curve)).toEqual(['overfitting']);
  });

  test('and has dropout already is told to end where it was best', () => {
    const diagnostic = find({ ...curve, configuration: { model: { dropout: 0.3 } } }, 'overfitting');
    expect(diagnostic?.suggestion?.change).toMatchObject({ path: 'training.steps', to: diagnostic?.step });
    // A branch from there would have nothing left to do.
    expect(diagnostic?.suggestion?.branchFrom).toBeUndefined();
  });
});

test('gradients that jump again and again, with the loss, mean a learning rate that is too high', () => {
  const spikes = new Set([1200, 1800, 2400, 3000]);
  const diagnostic = find(
    {
      loss: (step) => healthy(step) + (spikes.has(step) ? 1.5 : 0),
      norm: (step) => (spikes.has(step) ? 25 : 1),
    },
    'learningRateTooHigh',
  );
  expect(diagnostic).toMatchObject({
    step: 1200,
    figures: { spikes: 4 },
    suggestion: { change: { to: 0.0005 }, branchFrom: 1000 },
  });
  expect(kinds({ loss: healthy, norm: (step) => (spikes.has(step) ? 25 : 1) })).not.toContain(
    'learningRateTooHigh',
  );
});

describe('a loss that jumps and comes back', () => {
  const jumpAt =
    (height: number, ...steps: readonly number[]) =>
    (step: number) =>
      healthy(step) + (steps.includes(step) ? height : 0);

  test('is said where it is far, with the highest step and a checkpoint from before', () => {
    expect(find({ loss: jumpAt(3, 2000) }, 'lossSpikes')).toMatchObject({
      step: 2000,
      figures: { spikes: 1 },
      suggestion: {
        change: { path: 'training.gradientClipping', from: 1, to: 0.5 },
        branchFrom: 1750,
      },
    });
  });

  test('is said where it happens again and again, however far', () => {
    expect(kinds({ loss: jumpAt(1.2, 1000, 2000, 3000) })).toEqual(['lossSpikes']);
    expect(kinds({ loss: jumpAt(1.2, 1000, 2000) })).toEqual([]);
  });

  test('is answered by clipping, and by a lower learning rate where gradients are short already', () => {
    const suggested = (gradientClipping: number) =>
      find({ loss: jumpAt(3, 2000), configuration: { training: { gradientClipping } } }, 'lossSpikes')
        ?.suggestion?.change;
    expect(suggested(0)).toMatchObject({ path: 'training.gradientClipping', to: 1 });
    expect(suggested(5)).toMatchObject({ path: 'training.gradientClipping', to: 1 });
    expect(suggested(0.5)).toMatchObject({ path: 'training.learningRate', to: 0.0005 });
  });

  test('is not what a run does in its warm-up, or where it falls steeply', () => {
    expect(kinds({ loss: jumpAt(3, 50), bucket: 10 })).toEqual([]);
    expect(kinds({ loss: (step) => 1 + 9 * Math.exp(-step / 60), bucket: 20 })).toEqual([]);
  });

  test('is no second diagnostic beside those of a run that diverges or jumps with its gradient', () => {
    const spikes = [1200, 1800, 2400, 3000];
    expect(kinds({ loss: jumpAt(1.5, ...spikes), norm: (step) => (spikes.includes(step) ? 25 : 1) })).toEqual(
      ['learningRateTooHigh'],
    );
  });
});

describe('a run that has become slower', () => {
  const curve: Curve = { loss: healthy, planned: 8000, speed: (step) => (step > 2400 ? 2500 : 5000) };
  const threads = (count: number): RunConfigurationInput => ({ engine: { threads: count } });

  test('is told since when and by how much, with a core less', () => {
    const diagnostic = find({ ...curve, configuration: threads(4) }, 'slowdown');
    expect(diagnostic?.step).toBeGreaterThan(2350);
    expect(diagnostic?.step).toBeLessThan(2500);
    expect(diagnostic?.figures.share).toBeCloseTo(0.5, 1);
    expect(diagnostic?.suggestion).toEqual({
      change: { path: 'engine.threads', from: 4, to: 3 },
      branchFrom: 4000,
    });
    expect(kinds({ ...curve, configuration: threads(4) })).toEqual(['slowdown']);
  });

  test('and is done is offered no branch, which would have nothing left to do', () => {
    const diagnostic = find({ ...curve, planned: 4000, configuration: threads(4) }, 'slowdown');
    expect(diagnostic?.suggestion?.branchFrom).toBeUndefined();
  });

  test('on a single core is told so without a change', () => {
    const diagnostic = find({ ...curve, configuration: threads(1) }, 'slowdown');
    expect(diagnostic?.figures.share).toBeCloseTo(0.5, 1);
    expect(diagnostic?.suggestion).toBeUndefined();
  });

  test.each<readonly [string, Curve]>([
    ['that wavers', { loss: healthy, speed: (step) => 5000 + 700 * Math.sin(step / 100) }],
    ['that was slow for a while', { loss: healthy, speed: (s) => (s > 1500 && s < 2500 ? 2000 : 5000) }],
    ['that has been slow for a moment', { loss: healthy, speed: (step) => (step > 3800 ? 2000 : 5000) }],
    ['that is done within a minute', { ...curve, secondsPerBucket: 0.1 }],
    ['that became faster', { loss: healthy, speed: (step) => (step > 2000 ? 9000 : 5000) }],
  ])('is not one %s', (_, quick) => {
    expect(kinds(quick)).toEqual([]);
  });
});

describe('what is suggested', () => {
  const spikes = [1200, 1800, 2400, 3000];
  const curves: readonly Curve[] = [
    { loss: (step) => (step < 1500 ? healthy(step) : healthy(1500) + Math.min(4, (step - 1500) / 100)) },
    {
      loss: (step) => 4 * Math.exp(-step / 800) + 0.1,
      validation: (step) => 2.5 + 2 * Math.exp(-step / 300) + Math.max(0, step - 1500) / 2000,
    },
    { loss: () => 7.6, steps: 1000 },
    { loss: (step) => healthy(Math.min(step, 700)), steps: 4000, planned: 10_000 },
    {
      loss: (step) => healthy(step) + (spikes.includes(step) ? 1.5 : 0),
      norm: (step) => (spikes.includes(step) ? 25 : 1),
    },
    { loss: (step) => healthy(step) + (step === 2000 ? 3 : 0) },
    { loss: healthy, speed: (step) => (step > 2400 ? 2500 : 5000) },
    { loss: healthy, validation: () => 9 },
    { loss: healthy, validationTokens: 900 },
  ];
  const configurations: readonly RunConfigurationInput[] = [
    {},
    { training: { minutes: 30 }, model: { dropout: 0.3 } },
    // A rate to end with that a lower learning rate would come below.
    { training: { learningRate: 2e-4, gradientClipping: 0.2 }, model: { dropout: 0.1 } },
    { training: { learningRate: 0.02, schedule: 'constant', steps: 4000 } },
  ];

  test('goes with the other settings, whichever diagnostic and whatever they are, and leaves a branch steps to do', () => {
    const seen = new Set<string>();
    for (const curve of curves)
      for (const configuration of configurations)
        for (const { kind, suggestion } of findDiagnostics(
          input({ ...curve, configuration: { engine: { threads: 4 }, ...configuration } }),
        )) {
          if (suggestion === undefined) continue;
          seen.add(kind);
          const changed = applyChanges(parseConfiguration(configuration), suggestedChanges(suggestion));
          expect(findConfigurationIssues(changed).filter(({ severity }) => severity === 'error')).toEqual([]);
          const { steps, minutes } = changed.training;
          expect(steps === undefined || minutes === undefined).toBe(true);
          const end =
            suggestion.change.path === 'training.steps' ? steps : (curve.planned ?? curve.steps ?? 4000);
          if (suggestion.branchFrom !== undefined) expect(end).toBeGreaterThan(suggestion.branchFrom);
        }
    // Of these two there is nothing in the settings to be changed.
    const settled = diagnosticKinds.filter(
      (kind) => kind !== 'gradientSpike' && kind !== 'slowerThanMeasured',
    );
    expect([...seen].toSorted()).toEqual(settled.toSorted());
  });
});

describe('a gradient norm that jumps while the loss does not', () => {
  const spiked = (steps: readonly number[], configuration: RunConfigurationInput = {}): Curve => ({
    loss: healthy,
    steps: 500,
    bucket: 1,
    norm: (step) => (steps.includes(step) ? 65 : 1),
    configuration,
  });

  test.each([20, 100, 490])('once at step %i is told with its size, and nothing to change', (at) => {
    expect(find(spiked([at]), 'gradientSpike')).toMatchObject({ step: at, figures: { spikes: 1 } });
    expect(find(spiked([at]), 'gradientSpike')?.suggestion).toBeUndefined();
  });

  test('is not told of the first steps, which are always wild, nor twice where the loss jumps too', () => {
    expect(kinds(spiked([1, 2, 3]))).toEqual([]);
    const both: Curve = { ...spiked([300]), loss: (step) => healthy(step) + (step === 300 ? 3 : 0) };
    expect(kinds(both)).toEqual(['lossSpikes']);
  });
});

describe('a run whose steps were measured before', () => {
  const curve: Curve = { loss: healthy, secondsPerBucket: 2 };
  const { training, model } = parseConfiguration({});
  const secondsPerStep = (training.batchSize * model.contextLength) / 5000;
  const kindsWith = (measuredSecondsPerStep: number) =>
    findDiagnostics({ ...input(curve), measuredSecondsPerStep }).map(({ kind }) => kind);

  test('is told when it is far slower than that from its start, and only then', () => {
    expect(kindsWith(secondsPerStep / 3)).toEqual(['slowerThanMeasured']);
    expect(kindsWith(secondsPerStep / 1.3)).toEqual([]);
    expect(kindsWith(secondsPerStep * 2)).toEqual([]);
  });
});

describe('a run that stalls', () => {
  test('from its start with a tiny learning rate is told a larger one', () => {
    const diagnostic = find(
      { loss: () => 7.6, steps: 1000, configuration: { training: { learningRate: 1e-6 } } },
      'stalled',
    );
    expect(diagnostic?.suggestion?.change.to).toBe(3e-6);
  });

  test('in the middle, at full learning rate, is told a smaller one', () => {
    const curve: Curve = { loss: (step) => healthy(Math.min(step, 700)), steps: 4000, planned: 10_000 };
    expect(find(curve, 'stalled')?.suggestion?.change.to).toBe(0.0003);
  });

  test('is not what a run does that has decayed its learning rate', () => {
    expect(
      kinds({
        loss: (step) => healthy(Math.min(step, 700)),
        steps: 4000,
        planned: 10_000,
        rate: () => 2e-4,
      }),
    ).toEqual([]);
  });
});

test('a first validation loss above that of guessing is said', () => {
  expect(find({ loss: healthy, validation: () => 9 }, 'worseThanGuessing')).toMatchObject({
    step: 250,
    suggestion: { change: { to: 0.0003 } },
  });
});

test('a validation part with few tokens is said, with a larger share where that helps', () => {
  expect(find({ loss: healthy, validationTokens: 900 }, 'validationPartSmall')).toMatchObject({
    figures: { tokens: 900 },
    suggestion: { change: { path: 'data.validationFraction', from: 0.1, to: 0.22 } },
  });
  const tiny = find({ loss: healthy, validationTokens: 100 }, 'validationPartSmall');
  expect(tiny?.figures).toMatchObject({ tokens: 100 });
  expect(tiny?.suggestion).toBeUndefined();
});
