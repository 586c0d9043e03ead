import { createRunRecorder, type RunRecorder } from '../../src/main/studio/runs/run-recorder.ts';
import { openProject, type Project } from '../../src/main/studio/projects/projects.ts';
import { requireRun } from '../../src/main/studio/runs/runs.ts';

/** A run's record that grows without training: as the trainer would write it, at whatever speed. */
export interface GrowingRecord {
  /** The last step written. */
  readonly step: () => number;
  /** Writes so many further steps, with an evaluation now and then. */
  readonly grow: (steps: number) => void;
  readonly close: () => void;
}

/** Steps in one transaction. */
const batch = 1000;

/** @param secondsPerStep the speed that the record tells of. */
export function openGrowingRecord(folder: string, run: string, secondsPerStep: number): GrowingRecord {
  const project: Project = openProject(folder);
  const row = requireRun(project, run);
  let time = 0;
  const recorder: RunRecorder = createRunRecorder({
    project,
    run: row,
    training: { ...row.configuration.training, checkpointInterval: batch },
    signal: new AbortController().signal,
    clock: () => time,
  });
  let step = row.step;
  const write = (): void => {
    step += 1;
    recorder.record({ type: 'step', metrics: metricsOf(step, secondsPerStep) });
    if (step % (10 * batch) === 0) {
      const { loss } = metricsOf(step, secondsPerStep);
      recorder.record({
        type: 'evaluated',
        metrics: {
          step,
          loss: loss + 0.1,
          figures: { perplexity: Math.exp(loss + 0.1), bitsPerByte: (loss + 0.1) / 2 },
          predictions: 30_000,
          complete: true,
        },
      });
    }
  };
  return {
    step: () => step,
    grow: (steps) => {
      for (let count = 0; count < steps; count += 1) write();
      time += 2000;
      recorder.flush();
    },
    close: () => {
      recorder.flush();
      project.close();
    },
  };
}

/** A loss that falls with noise and a spike now and then, as real ones do. */
function metricsOf(step: number, secondsPerStep: number) {
  // A cheap hash of the step, so that the same step always has the same noise.
  const noise = ((Math.imul(step, 2_654_435_761) >>> 8) / 2 ** 24 - 0.5) * 0.4;
  const spike = step % 77_777 === 0 ? 3 : 0;
  return {
    step,
    loss: 1.5 + 5.5 / (1 + step / 2000) ** 0.6 + noise + spike,
    learningRate: 1e-3 * Math.min(1, step / 2000) * Math.cos((step / 1_000_000) * 1.4),
    gradientNorm: 0.8 + Math.abs(noise) + spike,
    tokens: step * 768,
    tokensPerSecond: 768 / secondsPerStep + noise * 100,
    memoryBytes: 400e6 + (step % 1000) * 1000,
    elapsedSeconds: step * secondsPerStep,
    remainingSeconds: 0,
  };
}
