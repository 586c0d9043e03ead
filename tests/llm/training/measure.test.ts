import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine, ParameterBuffer, ParameterSet } from '../../../src/main/llm/engines/engine.ts';
import { writeInitialParameters } from '../../../src/main/llm/training/initialization.ts';
import { measureRun } from '../../../src/main/llm/training/measure.ts';
import { createModelParameters } from '../../../src/main/llm/training/model-parameters.ts';
import { processMemory } from '../../../src/main/llm/training/memory-probe.ts';
import { runTiny, temporaryFolder, tinyJob, type TinyRun } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

async function prepare(run: Partial<TinyRun>) {
  const job = await tinyJob({ engine, folder: '', ...run });
  const parameters = await createModelParameters(engine, job.shape);
  await writeInitialParameters(engine, parameters, 1);
  const evaluator = await job.objective.createEvaluator({
    engine,
    shape: job.shape,
    weights: parameters.weights,
  });
  onTestFinished(async () => {
    await evaluator.dispose();
    await parameters.dispose();
  });
  return { job, parameters, evaluator };
}

const snapshot = async (parameters: ParameterSet, buffer: ParameterBuffer) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(parameters.buffer(buffer)).map(
        async ([name, tensor]) => [name, new Uint8Array((await engine.read(tensor)).buffer)] as const,
      ),
    ),
  );

describe('the calibration at a run’s start', () => {
  it('leaves parameters and moments as they are, to the bit', async () => {
    const { job, parameters, evaluator } = await prepare({
      model: { dropout: 0.1 },
      training: { microBatchSize: 'auto' },
    });
    const buffers = ['parameters', 'firstMoments', 'secondMoments'] as const;
    const before = await Promise.all(buffers.map((buffer) => snapshot(parameters.trained, buffer)));
    await measureRun(job, parameters, evaluator, processMemory, () => 0);
    expect(await Promise.all(buffers.map((buffer) => snapshot(parameters.trained, buffer)))).toEqual(before);
  });

  it('records what it tried and picks one about as fast as the fastest', async () => {
    const { job, parameters, evaluator } = await prepare({
      training: { microBatchSize: 'auto', batchSize: 6 },
    });
    const calibration = await measureRun(job, parameters, evaluator, processMemory, () => 0);
    const tried = calibration.candidates.map(({ microBatchSize }) => microBatchSize);
    expect([1, 2, 3, 6].slice(0, tried.length)).toEqual(tried);
    const fastest = Math.min(...calibration.candidates.map(({ secondsPerStep }) => secondsPerStep));
    expect(calibration.secondsPerStep).toBeLessThanOrEqual(1.05 * fastest);
    expect(calibration.candidates).toContainEqual({
      microBatchSize: calibration.microBatchSize,
      secondsPerStep: calibration.secondsPerStep,
      memoryBytes: calibration.memoryBytes,
    });
    expect(calibration).toMatchObject({ steps: 12, lossChunks: 1 });
  });

  it('measures the configured micro-batch alone where there is one', async () => {
    const { job, parameters, evaluator } = await prepare({ training: { microBatchSize: 4, lossChunks: 2 } });
    const calibration = await measureRun(job, parameters, evaluator, processMemory, () => 0);
    expect(calibration).toMatchObject({ microBatchSize: 4, lossChunks: 2 });
    expect(calibration.candidates).toHaveLength(1);
  });

  it('keeps to what fits in memory', async () => {
    const { job, parameters, evaluator } = await prepare({
      training: { microBatchSize: 'auto', batchSize: 64 },
    });
    // A micro-batch of one takes a megabyte, as the second reading shows, and no more is free.
    const readings = [1e6, 2e6];
    const memory = { resident: () => readings.shift() ?? 2e6, available: () => 0 };
    expect((await measureRun(job, parameters, evaluator, memory, () => 0)).candidates).toHaveLength(1);
  });

  it('trains 2000 steps where neither steps nor minutes are given', async () => {
    const { job, parameters, evaluator } = await prepare({ training: { steps: undefined } });
    expect((await measureRun(job, parameters, evaluator, processMemory, () => 0)).steps).toBe(2000);
  });

  it('changes no loss: a run that is given the calibration has those of the run that measured', async () => {
    const measured = await runTiny({
      engine,
      folder: await temporaryFolder(),
      model: { dropout: 0.1 },
      training: { microBatchSize: 'auto' },
    });
    const calibrated = measured.events.find((event) => event.type === 'calibrated');
    const given = await runTiny({
      engine,
      folder: await temporaryFolder(),
      model: { dropout: 0.1 },
      training: { microBatchSize: 'auto' },
      job: { calibration: calibrated!.calibration },
    });
    expect(given.events.some(({ type }) => type === 'calibrated')).toBe(false);
    expect(given.losses).toEqual(measured.losses);
  });
});
