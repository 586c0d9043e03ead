import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryFolder, type Benchmark } from './harness/context.ts';
import { benchModel, describeModel } from './harness/models.ts';
import { figure, percent, type Table } from './harness/presentation.ts';
import {
  summarizeProfiles,
  type OperatorShare,
  type ProfileEvent,
  type ProfileSummary,
} from './harness/profile-summary.ts';
import { trainLoam } from './training.ts';

interface ModelProfile extends ProfileSummary {
  readonly model: string;
  readonly microBatchSize: number;
  /** A step without the profiler. */
  readonly plainMilliseconds: number;
  /** A step with it. */
  readonly milliseconds: number;
}

interface ProfileData {
  readonly models: readonly ModelProfile[];
}

const shownPlaces = 16;
const warmupSteps = 2;

/** Where a training step's time goes, by operator. */
export const profile: Benchmark<ProfileData> = {
  name: 'profile',
  summary: 'which operators a training step spends its time in (ONNX Runtime’s profiler)',
  async run(context) {
    const models: ModelProfile[] = [];
    const { quick, threads } = context.options;
    for (const name of context.options.models) {
      context.say(`profile: ${name}`);
      const model = benchModel(name);
      // The calibration comes from a process without the profiler, which would slow down its trials unevenly.
      const plain = await trainLoam(context, model, {
        warmupSteps: 2,
        minimumSteps: quick ? 3 : 8,
        seconds: 2,
      });
      const { calibration } = plain;
      if (calibration === undefined) throw new Error('A fresh run told no calibration.');
      const steps = quick ? 4 : 12;
      models.push(
        await withTemporaryFolder(async (folder) => {
          const profileFolder = join(folder, 'profiles');
          await mkdir(profileFolder);
          const task = { model: name, threads, calibration, profileFolder, folder, steps, warmupSteps };
          const { result } = await context.loam('profile', task);
          return {
            model: name,
            microBatchSize: calibration.microBatchSize,
            plainMilliseconds: plain.milliseconds,
            milliseconds: (result as { milliseconds: number }).milliseconds,
            ...summarizeProfiles(readProfiles(profileFolder), steps, warmupSteps),
          };
        }),
      );
    }
    return { models };
  },
  present({ models }) {
    return {
      title: 'Profile of a training step',
      tables: models.flatMap((model) => [operatorTable(model), placeTable(model)]),
      notes: [
        'Times of one step over all its micro-batches, as ONNX Runtime’s profiler measured each operator; shares are of the step with the profiler on. Memory: bytes of inputs and outputs, which caches may serve.',
      ],
    };
  },
};

function readProfiles(folder: string): readonly (readonly ProfileEvent[])[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('gpt_training') && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly ProfileEvent[]);
}

function shareRow(share: OperatorShare, whole: number): readonly string[] {
  const { operator, milliseconds, calls, bytes, flops } = share;
  return [
    operator,
    figure(milliseconds),
    percent(milliseconds / whole),
    figure(calls),
    figure(bytes / milliseconds / 1e6),
    flops > 0 ? figure(flops / milliseconds / 1e6) : '',
  ];
}

function operatorTable(profile: ModelProfile): Table {
  const { model, microBatchSize, plainMilliseconds, milliseconds, runMilliseconds, operators } = profile;
  const inOperators = operators.reduce((sum, share) => sum + share.milliseconds, 0);
  const row = (name: string, time: number): readonly string[] => [
    name,
    figure(time),
    percent(time / milliseconds),
  ];
  return {
    caption: `${describeModel(benchModel(model))}; micro-batch ${microBatchSize}; a step takes ${figure(plainMilliseconds)} ms, with the profiler ${figure(milliseconds)} ms`,
    head: ['operator', 'ms a step', 'share', 'calls', 'GB/s', 'GFLOP/s'],
    rows: [
      ...operators
        .filter((share) => share.milliseconds / milliseconds >= 0.003)
        .map((share) => shareRow(share, milliseconds)),
      row('between operators', runMilliseconds - inOperators),
      row('outside of ONNX Runtime (norm, update, batch)', milliseconds - runMilliseconds),
    ],
  };
}

function placeTable({ model, milliseconds, places }: ModelProfile): Table {
  return {
    caption: `${model}: the longest, by operator and shapes of its inputs`,
    head: ['operator and inputs', 'ms a step', 'share', 'calls', 'GB/s', 'GFLOP/s'],
    rows: places.slice(0, shownPlaces).map((share) => shareRow(share, milliseconds)),
  };
}
