import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import type { TrainingEvent } from '../../../src/shared/runs/events.ts';
import { observedEngine } from './observed-engine.ts';
import { pauseAt, runTiny, temporaryFolder, type TinyRun } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** Without a fall of the learning rate, so that halving it shows. */
const constant = { schedule: 'constant', learningRate: 4e-3, warmupSteps: 0 } as const;
const isStep = (step: number) => (event: TrainingEvent) =>
  event.type === 'step' && event.metrics.step === step;
const rollbacksOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.type === 'rolledBack' ? [[event.step, event.toStep] as const] : []));
const ratesOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) =>
    event.type === 'step' ? [[event.metrics.step, event.metrics.learningRate] as const] : [],
  );

/**
 * An engine by which the gradient of one step is NaN, wherever that step comes up: it is known by its norm, which
 * a run without trouble gives. From another state, or after other learning rates, the step has another norm.
 */
const troubledAt = (norm: number) =>
  observedEngine(engine, { gradientNorm: (real) => (real === norm ? Number.NaN : real) });

describe('a gradient that is not a number', () => {
  let norms: readonly number[];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loam-guard-'));
    const { events } = await runTiny({ engine, folder, training: constant });
    await rm(folder, { recursive: true });
    norms = events.flatMap((event) => (event.type === 'step' ? [event.metrics.gradientNorm] : []));
  });
  /** The norm of the gradient at a step of the run without trouble. */
  const normOf = (step: number) => norms[step - 1]!;
  const run = async (options: Partial<TinyRun>) =>
    runTiny({
      engine: troubledAt(normOf(7)),
      folder: await temporaryFolder(),
      ...options,
      training: { ...constant, ...options.training },
    });

  it('sends the run back to the last checkpoint, from where it goes on with half the learning rate', async () => {
    const { result, events } = await run({});
    expect(result).toMatchObject({ end: 'completed', step: 12 });
    expect(events.find((event) => event.type === 'rolledBack')).toEqual({
      type: 'rolledBack',
      step: 7,
      toStep: 4,
      reason: 'The gradient’s norm is NaN.',
    });
    expect(ratesOf(events)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((step) => [step, 4e-3]),
      ...[5, 6, 7, 8, 9, 10, 11, 12].map((step) => [step, 2e-3]),
    ]);
  });

  it('sends the run back to the untrained model where there is no checkpoint yet', async () => {
    const { events, losses } = await run({ engine: troubledAt(normOf(3)) });
    expect(rollbacksOf(events)).toEqual([[3, 0]]);
    expect(losses.map(([step]) => step)).toEqual([1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // The first step's loss comes before any update, so it is that of the first attempt, to the bit.
    expect(losses[2]).toEqual(losses[0]);
    expect(losses[3]).not.toEqual(losses[1]);
  });

  it('is met in the same way whether or not the run was paused before it or after it', async () => {
    const whole = await run({});
    for (const pause of [5, 6, 8]) {
      const folder = await temporaryFolder();
      const first = await run({ folder, job: pauseAt(isStep(pause)) });
      const second = await run({ folder, job: { resume: 'latest' } });
      expect([...first.events, ...second.events].filter(({ type }) => type === 'rolledBack')).toEqual(
        whole.events.filter(({ type }) => type === 'rolledBack'),
      );
      expect([...first.losses, ...second.losses].slice(-8), `paused at ${pause}`).toEqual(
        whole.losses.slice(-8),
      );
    }
  });

  it('is met in the same way wherever a run with dropout and early stopping is paused', async () => {
    const setting = {
      model: { dropout: 0.2, layers: 1, modelType: 'llama', keyValueHeads: 1 },
      // Checkpoints, evaluations and micro-batches of different rhythms; the rate is too high, so that losses rise.
      training: {
        steps: 40,
        guard: { lossSpike: 1000 },
        learningRate: 0.3,
        minimumLearningRate: 0.3,
        evaluationInterval: 2,
        checkpointInterval: 3,
        keepCheckpoints: 1,
        earlyStoppingPatience: 2,
        batchSize: 4,
        microBatchSize: 1,
        gradientCheckpointing: true,
      },
    } as const;
    const calm = await run({ ...setting, engine });
    const normAt = calm.events.flatMap((event) =>
      event.type === 'step' ? [event.metrics.gradientNorm] : [],
    );
    const troubled = { ...setting, engine: troubledAt(normAt[5]!) };
    const whole = await run(troubled);
    expect(rollbacksOf(whole.events)).toHaveLength(1);
    const last = whole.result.step;
    expect(last).toBeLessThan(30);
    const tail = (outcomes: readonly Awaited<ReturnType<typeof run>>[], step: number) =>
      outcomes.flatMap(({ losses }) => losses).findLast(([number]) => number === step);
    expect(whole.result.end).toBe('earlyStopped');
    // Before the rollback, at it, after it, and at an evaluation that the pause comes before.
    for (const pause of [3, 4, 6, last - 1]) {
      const folder = await temporaryFolder();
      const first = await run({ ...troubled, folder, job: pauseAt(isStep(pause)) });
      const second = await run({
        ...troubled,
        folder,
        // A recorded calibration wins over a configuration that was changed since.
        training: { ...setting.training, microBatchSize: 2 },
        job: { resume: 'latest' },
      });
      const label = `paused at ${pause}`;
      expect(second.result, label).toMatchObject({ end: whole.result.end, step: last });
      expect(second.result.best, label).toMatchObject({
        step: whole.result.best!.step,
        loss: whole.result.best!.loss,
      });
      for (let step = 1; step <= last; step++)
        expect(tail([first, second], step), label).toEqual(tail([whole], step));
    }
  });

  it('removes what a pause saved on the course that is given up', async () => {
    const folder = await temporaryFolder();
    await run({ folder, job: pauseAt(isStep(6)) });
    const { events } = await run({
      folder,
      job: { resume: 'latest', ...pauseAt((event) => event.type === 'rolledBack') },
    });
    expect(
      events.filter(({ type }) => type === 'checkpointRemoved').map((event) => 'step' in event && event.step),
    ).toEqual([6]);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['step-00000004']);
  });

  it('stops a run that has gone back often enough', async () => {
    const folder = await temporaryFolder();
    // Step 5 is the first after a checkpoint: it comes up the same however low the learning rate is from there on.
    const { result, events } = await run({
      folder,
      engine: troubledAt(normOf(5)),
      training: { guard: { maximumRollbacks: 2 } },
    });
    expect(result).toMatchObject({ end: 'guardStopped', step: 4 });
    expect(rollbacksOf(events)).toEqual([
      [5, 4],
      [5, 4],
    ]);
    expect(events.findLast((event) => event.type === 'notice')?.message).toContain(
      'gone back 2 times already',
    );
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['step-00000004']);
  });

  it('stops the run at once where the guard is set so, with the state before the trouble saved', async () => {
    const folder = await temporaryFolder();
    const { result, events } = await run({ folder, training: { guard: { action: 'stop' } } });
    expect(result).toMatchObject({ end: 'guardStopped', step: 6 });
    expect(rollbacksOf(events)).toEqual([]);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['step-00000004', 'step-00000006']);
  });

  it('leaves the parameters alone and is only spoken of where the guard is set to warn', async () => {
    const updates: number[] = [];
    const watched = observedEngine(troubledAt(normOf(7)), { onUpdate: ({ step }) => updates.push(step) });
    const { result, events } = await run({ engine: watched, training: { guard: { action: 'warn' } } });
    expect(result).toMatchObject({ end: 'completed', step: 12 });
    expect(updates.filter((step) => step > 1)).toEqual([2, 3, 4, 5, 6, 8, 9, 10, 11, 12]);
    expect(events.find((event) => event.type === 'notice')).toEqual({
      type: 'notice',
      step: 7,
      message: 'The gradient’s norm is NaN. The parameters were not updated.',
    });
  });
});

describe('a loss that jumps', () => {
  it('sends the run back until a lower learning rate lets it pass, or stops it', async () => {
    // A learning rate that grows far too high: the loss climbs from 3 to 80 in thirty steps.
    const { result, events } = await runTiny({
      engine,
      folder: await temporaryFolder(),
      training: {
        ...constant,
        steps: 40,
        learningRate: 3,
        warmupSteps: 35,
        evaluationInterval: 10,
        guard: { lossSpike: 1.2 },
      },
    });
    const rollbacks = events.flatMap((event) => (event.type === 'rolledBack' ? [event] : []));
    expect(rollbacks.length).toBeGreaterThan(0);
    expect(rollbacks[0]!.reason).toMatch(/^The loss jumped to \d+\.\d+ from a recent average of \d+\.\d+\.$/);
    expect(['completed', 'guardStopped']).toContain(result.end);
    if (result.end === 'guardStopped') expect(rollbacks).toHaveLength(3);
  });
});
