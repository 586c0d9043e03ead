import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeJsonAtomically } from '../../../src/main/llm/files/atomic-file.ts';
import { makeFolder } from '../../../src/main/llm/files/make-folder.ts';
import { findCheckpoint } from '../../../src/main/studio/checkpoints/find-checkpoint.ts';
import { readBenchmarks } from '../../../src/main/studio/engines/benchmarks.ts';
import { requireUsualEngine, usualEngine } from '../../../src/main/studio/engines/usual-engine.ts';
import { findInstalledEngine } from '../../../src/main/studio/engines/installed-engine.ts';
import { packFolder } from '../../../src/main/studio/engines/pack.ts';
import { evaluateCheckpoint } from '../../../src/main/studio/evaluations/evaluations.ts';
import { describeHardware } from '../../../src/main/studio/hardware/hardware.ts';
import { createJobBoard } from '../../../src/main/studio/jobs/job-board.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { startTraining } from '../../../src/main/studio/training/start-training.ts';
import { chooseRunEngine, requireEngineOfRun } from '../../../src/main/studio/training/choose-engine.ts';
import { estimateRun } from '../../../src/main/studio/training/estimate-run.ts';
import { readRecord } from '../../../src/main/studio/runs/run-record.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { createRun } from '../../../src/main/studio/training/create-run.ts';
import { trainAsJob } from '../../../src/main/studio/training/train-as-job.ts';
import { changeSettings } from '../../../src/main/studio/settings/settings.ts';
import { setRunConfiguration } from '../../../src/main/studio/store/runs.ts';
import { listMetrics } from '../../../src/main/studio/store/run-records.ts';
import { userFolder } from '../../../src/main/studio/settings/user-folder.ts';
import type { KeptBenchmark } from '../../../src/shared/engines/contract.ts';
import type { EngineName } from '../../../src/shared/engines/engine.ts';
import { installedPackFolder, tensorFlowTitle } from '../../llm/engines/tensorflow/installed-pack.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';
import { accountOf } from './engine-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
});
afterEach(() => place.remove());

const configurationOf = (name: string) => requireRun(place.project, name).configuration;

describe('Where the TensorFlow engine is not installed', () => {
  test('no run is made for it, and none goes on with it', async () => {
    const { project } = place;
    const configuration = configurationOf('a');
    const wanted = { ...configuration, engine: { ...configuration.engine, name: 'tensorflow' as const } };
    const refusal = await accountOf(
      createRun(project, { name: 'b', baseName: 'b', dataset: 'records', configuration: wanted }),
    );
    expect(refusal.what).toBe('The TensorFlow engine is not installed.');
    expect(() => requireRun(project, 'b')).toThrow('There is no such run');
    expect((await accountOf(chooseRunEngine(project, 'a', 'tensorflow'))).what).toBe(refusal.what);
    expect(configurationOf('a').engine.name).toBe('onnxruntime');
  });

  test('a run that began with it is refused before anything of it changes, and may go on with the other one', async () => {
    const { project } = place;
    const run = requireRun(project, 'a');
    const { configuration } = run;
    setRunConfiguration(project.store, run.id, {
      ...configuration,
      engine: { ...configuration.engine, name: 'tensorflow' },
    });
    const before = requireRun(project, 'a');
    expect(await accountOf(requireEngineOfRun(before))).toMatchObject({
      kind: 'environment',
      where: "run 'a'",
      what: 'The TensorFlow engine is not installed.',
      remedy: 'Install it again, or go on with ONNX Runtime: a checkpoint belongs to no engine.',
      action: { do: 'resumeOnEngine', run: 'a', engine: 'onnxruntime' },
    });
    const jobs = createJobBoard(project, 'here');
    const refusal = trainAsJob({ project, jobs, studio: { launcher: forkLauncher } }, 'a');
    expect((await accountOf(refusal.then(() => undefined))).what).toBe(
      'The TensorFlow engine is not installed.',
    );
    expect(jobs.list()).toEqual([]);
    expect(requireRun(project, 'a')).toEqual(before);
    await chooseRunEngine(project, 'a', 'onnxruntime');
    await requireEngineOfRun(requireRun(project, 'a'));
  });

  test('a plan for it is refused with the way out', async () => {
    const { issues } = await estimateRun(place.project, {
      dataset: 'records',
      configuration: { engine: { name: 'tensorflow' } },
    });
    expect(issues.find(({ path }) => path === 'engine.name')).toMatchObject({
      severity: 'error',
      corrections: [{ changes: [{ path: 'engine.name', value: 'onnxruntime' }] }],
    });
  });

  test('ONNX Runtime is used where nothing is chosen, whatever was measured', async () => {
    await keepBenchmarks({ onnxruntime: { secondsPerStep: 1 }, tensorflow: { secondsPerStep: 0.1 } });
    expect(await usualEngine('training')).toBe('onnxruntime');
    await changeSettings({ engine: 'tensorflow' });
    expect(await usualEngine('training')).toBe('tensorflow');
    expect(await accountOf(requireUsualEngine('writing'))).toMatchObject({
      what: 'The TensorFlow engine is not installed. The settings ask for it.',
      remedy: 'Install it, or have the settings leave the choice to Loam (engine: auto).',
      action: { do: 'installEngine' },
    });
    await changeSettings({ engine: 'auto' });
    expect(await requireUsualEngine('writing')).toBe('onnxruntime');
  });
});

describe.skipIf(installedPackFolder === undefined)(tensorFlowTitle, () => {
  beforeEach(async () => {
    await mkdir(join(packFolder(), '..'), { recursive: true });
    await symlink(installedPackFolder!, packFolder());
  });

  test('is used where nothing is chosen if it was measured to be clearly faster', async () => {
    expect(await usualEngine('training')).toBe('onnxruntime');
    await keepBenchmarks({ onnxruntime: { secondsPerStep: 1 }, tensorflow: { secondsPerStep: 0.95 } });
    expect(await usualEngine('training')).toBe('onnxruntime');
    await keepBenchmarks({ onnxruntime: { secondsPerStep: 1 }, tensorflow: { secondsPerStep: 0.5 } });
    expect(await usualEngine('training')).toBe('tensorflow');
  });

  test('writes only if it wrote clearly faster, however fast it trained', async () => {
    const trainsFaster = { secondsPerStep: 0.5, tokensPerSecond: 50 };
    await keepBenchmarks({ onnxruntime: { tokensPerSecond: 100 }, tensorflow: trainsFaster });
    expect([await usualEngine('training'), await usualEngine('writing')]).toEqual([
      'tensorflow',
      'onnxruntime',
    ]);
    const writesFaster = { secondsPerStep: 2, tokensPerSecond: 200 };
    await keepBenchmarks({ onnxruntime: { tokensPerSecond: 100 }, tensorflow: writesFaster });
    expect([await usualEngine('training'), await usualEngine('writing')]).toEqual([
      'onnxruntime',
      'tensorflow',
    ]);
  });

  test.each([
    ['another version of it', { version: '2.9.1' }],
    ['another device', { device: 'NVIDIA T4' }],
    ['another processor', { processor: 'another' }],
  ])('is not chosen for what %s did', async (_, other) => {
    await keepBenchmarks({ onnxruntime: {}, tensorflow: { secondsPerStep: 0.1, ...other } });
    expect((await readBenchmarks()).tensorflow).toBeUndefined();
    expect((await readBenchmarks()).onnxruntime).toMatchObject({ matrixGigaflops: 100 });
    expect(await usualEngine('training')).toBe('onnxruntime');
  });

  test('goes on with a run that ONNX Runtime began, and the other way round, to the losses of an uninterrupted run', async () => {
    const { project } = place;
    await createRun(project, {
      name: 'b',
      baseName: 'b',
      dataset: 'records',
      configuration: configurationOf('a'),
    });
    const options = { project: project.folder };
    await startTraining({ ...options, run: 'a' });

    await pausedAfter('b', 10);
    await chooseRunEngine(project, 'b', 'tensorflow');
    await pausedAfter('b', requireRun(project, 'b').step + 5);
    await chooseRunEngine(project, 'b', 'onnxruntime');
    await startTraining({ ...options, run: 'b' });

    // What was measured at its beginning was measured with the engine of its beginning.
    expect(requireRun(project, 'b').calibration).toMatchObject({ engine: 'onnxruntime', device: 'cpu' });

    const losses = (name: string) =>
      listMetrics(project.store, requireRun(project, name).id).map(({ loss }) => loss ?? Number.NaN);
    expect(losses('b')).toHaveLength(40);
    losses('a').forEach((loss, index) => expect(losses('b')[index]! / loss).toBeCloseTo(1, 3));
    const said = JSON.stringify(readRecord(project, { run: 'b', after: 0, limit: 1000 }));
    expect(said).toMatch(/on TensorFlow computes, where ONNX Runtime did/);
    expect(said).toMatch(/on ONNX Runtime computes, where TensorFlow did/);
    expect(requireRun(project, 'b').provenance.engine.name).toBe('onnxruntime');

    const checkpoint = await findCheckpoint(project, 'b');
    const measured = { checkpoint, dataset: 'records' };
    const one = await evaluateCheckpoint(project, { ...measured, engine: 'tensorflow' });
    const other = await evaluateCheckpoint(project, { ...measured, engine: 'onnxruntime' });
    expect(one.loss / other.loss).toBeCloseTo(1, 4);
  }, 120_000);
});

/** Trains a run until it has taken some steps, and pauses it. */
async function pausedAfter(name: string, steps: number): Promise<void> {
  const { project } = place;
  const pause = new AbortController();
  await startTraining({
    project: project.folder,
    run: name,
    pause: pause.signal,
    onReport: (report) => {
      if (report.type === 'step' && report.metrics.step >= steps) pause.abort();
    },
  });
}

/** Puts figures where a measurement of the engines would have put them. */
async function keepBenchmarks(
  figures: Readonly<Partial<Record<EngineName, Partial<KeptBenchmark>>>>,
): Promise<void> {
  const { processor } = describeHardware();
  const kept = async (name: EngineName): Promise<KeptBenchmark> => ({
    matrixGigaflops: 100,
    secondsPerStep: 1,
    memoryBytes: 1e9,
    tokensPerSecond: 100,
    processor,
    version: '2.15.1',
    device: processor,
    ...(await findInstalledEngine(name)),
    threads: 1,
    measuredAt: '2026-01-01T00:00:00.000Z',
    ...figures[name],
  });
  await makeFolder(userFolder());
  await writeJsonAtomically(join(userFolder(), 'engine-benchmarks.json'), {
    onnxruntime: await kept('onnxruntime'),
    tensorflow: await kept('tensorflow'),
  });
}
