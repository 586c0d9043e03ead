import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '../../src/main/llm/training/train.ts';
import type { Calibration, TrainingEvent } from '../../src/shared/runs/events.ts';
import { median } from '../harness/statistics.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';
import { trainingJob, type TrainingTask } from './training-task.ts';

/**
 * Times the product's own training loop from event to event: a step is everything from one to the next, from drawing the
 * batch to the updated parameters. The process ends by itself after enough steps, before a checkpoint is due.
 */
interface Parameters extends TrainingTask {
  readonly warmupSteps: number;
  readonly minimumSteps: number;
  /** Goes on at least so long. */
  readonly seconds: number;
}

const parameters = readParameters() as Parameters;
const folder = await mkdtemp(join(tmpdir(), 'loam-bench-'));
const steps: number[] = [];
let calibration: Calibration | undefined = parameters.calibration;
let previous = Number.NaN;
let seen = 0;
let loadedBytes = 0;
let firstTimed = 0;

function finish(): never {
  reportResult({
    milliseconds: median(steps),
    shortestMilliseconds: Math.min(...steps),
    steps: steps.length,
    peakBytes: peakMemoryBytes(),
    loadedBytes,
    calibration,
  });
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

function onEvent(event: TrainingEvent): void {
  if (event.type === 'calibrated') ({ calibration } = event);
  if (event.type !== 'step') return;
  const now = performance.now();
  seen += 1;
  if (seen > parameters.warmupSteps) steps.push(now - previous);
  else firstTimed = now;
  previous = now;
  if (steps.length >= parameters.minimumSteps && now - firstTimed >= 1000 * parameters.seconds) finish();
}

await train(
  await trainingJob(parameters, { folder, signal: new AbortController().signal, onEvent }, () => {
    loadedBytes = process.memoryUsage.rss();
  }),
);
