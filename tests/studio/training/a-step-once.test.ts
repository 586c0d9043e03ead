import { afterEach, beforeEach, expect, test } from 'vitest';
import { StopRequest } from '../../../src/main/studio/processes/stop-request.ts';
import { trainRun } from '../../../src/main/studio/training/train-run.ts';
import type { TrainingReport } from '../../../src/main/studio/training/training-protocol.ts';
import { listRuns, requireRun } from '../../../src/main/studio/runs/runs.ts';
import { listCheckpointRows } from '../../../src/main/studio/store/checkpoints.ts';
import { listMetrics, listRunEvaluations, listSamples } from '../../../src/main/studio/store/run-records.ts';
import { updateRun } from '../../../src/main/studio/store/runs.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['cut', 'whole']);
});
afterEach(() => place.remove());

/** Trains in this process; `hear` is told everything that happens, right after the store is. */
async function session(
  run: string,
  hear: (report: TrainingReport, pause: () => void) => void,
): Promise<void> {
  const stop = new AbortController();
  const pause = (): void => stop.abort(new StopRequest('requested'));
  await trainRun(
    { project: place.project.folder, run },
    { signal: stop.signal, emit: (report) => hear(report, pause) },
  );
}

/** What the store says of every step. */
function record(run: string) {
  const { store } = place.project;
  const { id, bestStep, bestLoss } = requireRun(place.project, run);
  return {
    bestStep,
    bestLoss,
    steps: listMetrics(store, id).map(({ step, loss }) => [step, loss]),
    evaluations: listRunEvaluations(store, id).map(({ step, loss }) => [step, loss]),
    samples: listSamples(store, id).map(({ step, text }) => [step, text]),
    checkpoints: listCheckpointRows(store, id).map(({ step, loss, best }) => [step, loss, best]),
  };
}

class Killed extends Error {}

test('a pause that cuts an evaluation, and kills while it is made up for, leave every step once', async () => {
  // Ctrl-C right before the evaluation of step 10: its checkpoint holds none.
  await session('cut', (report, pause) => {
    if (report.type === 'step' && report.metrics.step === 10) pause();
  });
  expect(record('cut').checkpoints.at(-1)).toEqual([10, null, 0]);
  const killAt = (type: TrainingReport['type']) =>
    session('cut', (report) => {
      if (report.type === type) throw new Killed();
    });
  // After the evaluation, after the sample: each before the checkpoint that would hold them.
  await expect(killAt('evaluated')).rejects.toThrow(Killed);
  await expect(killAt('sample')).rejects.toThrow(Killed);
  await session('cut', () => undefined);
  await session('whole', () => undefined);
  expect(record('cut')).toEqual(record('whole'));
});

test('a checkpoint that was written anew is known with its loss, though its process was killed before it told so', async () => {
  await session('cut', (report, pause) => {
    if (report.type === 'step' && report.metrics.step === 10) pause();
  });
  const { id } = requireRun(place.project, 'cut');
  const [paused] = listCheckpointRows(place.project.store, id).slice(-1);
  let told: unknown;
  await session('cut', (report, pause) => {
    if (report.type !== 'checkpoint') return;
    told = record('cut').checkpoints.at(-1);
    pause();
  });
  // As the kill would have left the row.
  const { store } = place.project;
  store.run(
    store.query
      .updateTable('checkpoints')
      .set({ loss: null, best: 0 })
      .where('step', '=', paused?.step ?? 0),
  );
  updateRun(store, id, { status: 'running', bestStep: null, bestLoss: null });
  await listRuns(place.project);
  expect(record('cut').checkpoints.at(-1)).toEqual(told);
  expect(requireRun(place.project, 'cut')).toMatchObject({ status: 'interrupted', bestStep: 10 });
});
