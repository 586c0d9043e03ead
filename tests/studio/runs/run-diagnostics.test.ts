import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createRunRecorder } from '../../../src/main/studio/runs/run-recorder.ts';
import { readMetrics } from '../../../src/main/studio/runs/run-metrics.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { listRollbacks } from '../../../src/main/studio/store/run-records.ts';
import { parseConfiguration } from '../../../src/shared/runs/configuration-schema.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { findDiagnostics } from '../../../src/shared/runs/diagnostics.ts';
import { runTiny, temporaryFolder, tinyTokenizer } from '../../llm/training/tiny-run.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let engine: Engine;
let place: ProjectPlace;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
});
afterEach(() => place.remove());

/** Really trains a tiny model, records it as a run's worker does, and looks at the stored curves. */
async function diagnosticsOfTraining(training: NonNullable<RunConfigurationInput['training']>) {
  const settings = { evaluationInterval: 50, sample: { maximumTokens: 0 }, ...training };
  const run = requireRun(place.project, 'a');
  const recorder = createRunRecorder({
    project: place.project,
    run,
    training: run.configuration.training,
    signal: new AbortController().signal,
    clock: () => performance.now(),
  });
  const { result } = await runTiny({
    engine,
    folder: await temporaryFolder(),
    training: settings,
    job: { onEvent: (event) => recorder.record(event) },
  });
  recorder.flush();
  const { vocabularySize } = await tinyTokenizer();
  return findDiagnostics({
    metrics: await readMetrics(place.project, { run: 'a', buckets: 400 }),
    configuration: parseConfiguration({ training: settings }),
    steps: settings.steps,
    vocabularySize,
    validationTokens: 10_000,
    rollbacks: listRollbacks(place.project.store, run.id),
    guardStopped: result.end === 'guardStopped',
  });
}

describe('a run that was really trained', () => {
  test('gets no diagnostic when it learns', async () => {
    expect(await diagnosticsOfTraining({ steps: 300, learningRate: 5e-3, warmupSteps: 20 })).toEqual([]);
  });

  test('is said to diverge when its learning rate is wild and the guard ends it', async () => {
    const diagnostics = await diagnosticsOfTraining({
      steps: 300,
      learningRate: 2,
      warmupSteps: 60,
      gradientClipping: 0,
      guard: { maximumRollbacks: 2, lossSpike: 1.3 },
    });
    expect(diagnostics[0]).toMatchObject({
      kind: 'diverging',
      suggestion: { change: { path: 'training.learningRate', to: 0.001 } },
    });
  });

  test('is said to begin worse than by guessing when nothing holds its wild steps back', async () => {
    const diagnostics = await diagnosticsOfTraining({
      steps: 300,
      learningRate: 3,
      warmupSteps: 0,
      gradientClipping: 0,
      guard: { action: 'warn' },
    });
    expect(diagnostics.map(({ kind }) => kind)).toContain('worseThanGuessing');
  });

  test('is said to stall when its learning rate moves nothing', async () => {
    const diagnostics = await diagnosticsOfTraining({
      steps: 300,
      learningRate: 1e-7,
      minimumLearningRate: 1e-8,
      warmupSteps: 20,
    });
    expect(diagnostics.map(({ kind }) => kind)).toEqual(['stalled']);
    expect(diagnostics[0]?.suggestion?.change.to).toBe(3e-7);
  });
});
