import { shapeOfRun } from './run-shape.ts';
import type { Diagnostic } from '../../../shared/runs/diagnostic.ts';
import { findDiagnostics } from '../../../shared/runs/diagnostics.ts';
import type { Project } from '../projects/projects.ts';
import { listRollbacks } from '../store/run-records.ts';
import { findValidationTokens, type RunRow } from '../store/runs.ts';
import { findTokenizerRow } from '../store/tokenizers.ts';
import { readMeasurements } from '../engines/measurements.ts';
import { readMetrics } from './run-metrics.ts';
import { requireRun } from './runs.ts';

/** Enough to see a shape in, few enough to look at whenever the run goes on. */
const buckets = 400;

/** What is unusual about a run's curves. */
export async function readDiagnostics(project: Project, name: string): Promise<readonly Diagnostic[]> {
  const { store } = project;
  const metrics = await readMetrics(project, {
    run: name,
    series: ['loss', 'learningRate', 'gradientNorm', 'tokensPerSecond'],
    buckets,
  });
  const run = requireRun(project, name);
  const vocabularySize = findTokenizerRow(store, run.tokenizerName)?.vocabularySize;
  return findDiagnostics({
    metrics,
    measuredSecondsPerStep: await measuredBefore(run, vocabularySize),
    configuration: run.configuration,
    steps: run.steps ?? undefined,
    vocabularySize,
    validationTokens: findValidationTokens(store, run.tokensHash),
    rollbacks: listRollbacks(store, run.id),
    guardStopped: run.end === 'guardStopped',
  });
}

/** The seconds of a step as measured before the run for the same work, or at its start: whichever promised more. */
async function measuredBefore(run: RunRow, vocabularySize: number | undefined): Promise<number | undefined> {
  const { configuration, provenance, calibration, createdAt } = run;
  const atStart = calibration?.secondsPerStep;
  if (vocabularySize === undefined || provenance.hardware.processor === undefined) return atStart;
  const shape = JSON.stringify(shapeOfRun(run, { vocabularySize }));
  const before = (await readMeasurements(provenance.hardware.processor)).findLast(
    (each) =>
      JSON.stringify(each.shape) === shape &&
      each.batchSize === configuration.training.batchSize &&
      each.gradientCheckpointing === configuration.training.gradientCheckpointing &&
      each.engine === provenance.engine.name &&
      each.threads === provenance.engine.threads &&
      each.measuredAt <= createdAt,
  )?.secondsPerStep;
  return before === undefined || atStart === undefined ? (before ?? atStart) : Math.min(before, atStart);
}
