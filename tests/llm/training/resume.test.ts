import { copyFile, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import type { TrainingEvent } from '../../../src/shared/runs/events.ts';
import { flipBit } from '../../faults/flip-bit.ts';
import { pauseAt, runTiny, temporaryFolder, type TinyRun, type TinyRunOutcome } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** Stands for SIGKILL: nothing of the session runs after it. */
class Killed extends Error {}

function killAt(matches: (event: TrainingEvent) => boolean) {
  return {
    onEvent: (event: TrainingEvent) => {
      if (matches(event)) throw new Killed();
    },
  };
}

const isStep = (step: number) => (event: TrainingEvent) =>
  event.type === 'step' && event.metrics.step === step;

const evaluationsOf = ({ events }: TinyRunOutcome) =>
  events.flatMap((event) =>
    event.type === 'evaluated' ? [[event.metrics.step, event.metrics.loss] as const] : [],
  );

const lastModel = (folder: string, step: number) =>
  readFile(join(folder, 'checkpoints', `step-${String(step).padStart(8, '0')}`, 'model.safetensors'));

const runs: readonly (readonly [string, Omit<TinyRun, 'engine' | 'folder'>])[] = [
  ['a plain run', {}],
  ['a run with dropout', { model: { dropout: 0.2 } }],
  [
    'a run of a llama model with dropout and gradient checkpointing',
    {
      model: { modelType: 'llama', keyValueHeads: 1, dropout: 0.1 },
      training: { gradientCheckpointing: true },
    },
  ],
];

describe.each(runs)('%s', (_, setting) => {
  it('has bitwise the same losses and weights after a pause as without one', async () => {
    const whole = await runTiny({ ...setting, engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    const first = await runTiny({ ...setting, engine, folder, job: pauseAt(isStep(6)) });
    expect(first.result).toMatchObject({ end: 'paused', step: 6 });
    const second = await runTiny({ ...setting, engine, folder, job: { resume: 'latest' } });
    expect(second.events[0]).toEqual({ type: 'resumed', step: 6 });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
    expect([...evaluationsOf(first), ...evaluationsOf(second)]).toEqual(evaluationsOf(whole));
    expect(await lastModel(folder, 12)).toEqual(
      await readFile(join(whole.result.best!.folder, 'model.safetensors')),
    );
  });

  it('has bitwise the same losses after it was killed', async () => {
    const whole = await runTiny({ ...setting, engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    await expect(runTiny({ ...setting, engine, folder, job: killAt(isStep(7)) })).rejects.toThrow(Killed);
    const second = await runTiny({ ...setting, engine, folder, job: { resume: 'latest' } });
    expect(second.events[0]).toEqual({ type: 'resumed', step: 4 });
    expect(second.losses).toEqual(whole.losses.slice(4));
  });
});

describe('resuming', () => {
  it('is exact with several threads too', async () => {
    const threaded = await createOnnxRuntimeEngine({ threads: 2 });
    onTestFinished(() => threaded.dispose());
    // Large enough that products and updates are shared between the threads.
    const setting = {
      engine: threaded,
      model: { hiddenSize: 128, dropout: 0.1, contextLength: 64 },
      training: { batchSize: 8, steps: 6, evaluationInterval: 2 },
    };
    const whole = await runTiny({ ...setting, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    const first = await runTiny({ ...setting, folder, job: pauseAt(isStep(3)) });
    const second = await runTiny({ ...setting, folder, job: { resume: 'latest' } });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  });

  it('begins anew where a run was killed before its first checkpoint', async () => {
    const whole = await runTiny({ engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    await expect(runTiny({ engine, folder, job: killAt(isStep(3)) })).rejects.toThrow(Killed);
    expect((await runTiny({ engine, folder, job: { resume: 'latest' } })).losses).toEqual(whole.losses);
  });

  it('repeats an evaluation that a pause cut short', async () => {
    const whole = await runTiny({ engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    // Step 8 is followed by an evaluation: the pause asked for at step 8 comes before it.
    const first = await runTiny({ engine, folder, job: pauseAt(isStep(8)) });
    expect(evaluationsOf(first)).toEqual(evaluationsOf(whole).slice(0, 1));
    const second = await runTiny({ engine, folder, job: { resume: 'latest' } });
    expect([...evaluationsOf(first), ...evaluationsOf(second)]).toEqual(evaluationsOf(whole));
    expect(second.losses).toEqual(whole.losses.slice(8));
    expect(second.result.best).toMatchObject({
      step: whole.result.best?.step,
      loss: whole.result.best?.loss,
    });
  });

  it('saves a checkpoint anew with the evaluation that came after a pause there, and tells of it', async () => {
    // Steps 8 (more follow) and 12 (the end): each may be where the pause comes.
    for (const step of [8, 12]) {
      const whole = await runTiny({ engine, folder: await temporaryFolder() });
      const folder = await temporaryFolder();
      await runTiny({ engine, folder, job: pauseAt(isStep(step)) });
      const second = await runTiny({ engine, folder, job: { resume: 'latest' } });
      const savedAt = ({ events }: TinyRunOutcome) =>
        events.flatMap((event) =>
          event.type === 'checkpoint' && event.step === step ? [{ best: event.best, loss: event.loss }] : [],
        );
      expect(savedAt(whole)).toHaveLength(1);
      expect(savedAt(second)).toEqual(savedAt(whole));
    }
  });

  it('replaces a damaged checkpoint when the run comes to its step again', async () => {
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, job: pauseAt(isStep(10)) });
    await truncate(join(folder, 'checkpoints', 'step-00000010', 'model.safetensors'), 1000);
    await runTiny({ engine, folder, job: { resume: 'latest', ...pauseAt(isStep(10)) } });
    const third = await runTiny({ engine, folder, job: { resume: 'latest' } });
    expect(third.events[0]).toEqual({ type: 'resumed', step: 10 });
  });

  it('keeps the recorded calibration', async () => {
    const folder = await temporaryFolder();
    const first = await runTiny({
      engine,
      folder,
      training: { microBatchSize: 'auto' },
      job: pauseAt(isStep(6)),
    });
    const second = await runTiny({
      engine,
      folder,
      training: { microBatchSize: 'auto' },
      job: { resume: 'latest' },
    });
    expect(first.events.filter(({ type }) => type === 'calibrated')).toHaveLength(1);
    expect(second.events.filter(({ type }) => type === 'calibrated')).toHaveLength(0);
  });

  it('counts the time and the tokens of all sessions', async () => {
    const folder = await temporaryFolder();
    const first = await runTiny({ engine, folder, job: pauseAt(isStep(6)) });
    const second = await runTiny({ engine, folder, job: { resume: 'latest' } });
    const metrics = [...first.events, ...second.events].flatMap((event) =>
      event.type === 'step' ? [event.metrics] : [],
    );
    expect(metrics.map(({ tokens }) => tokens)).toEqual(metrics.map(({ step }) => step * 64));
    for (const [index, { elapsedSeconds }] of metrics.entries()) {
      if (index > 0) expect(elapsedSeconds).toBeGreaterThanOrEqual(metrics[index - 1]!.elapsedSeconds);
    }
  });

  it('takes the newest checkpoint that can be read, and says so', async () => {
    const whole = await runTiny({ engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, job: pauseAt(isStep(10)) });
    await truncate(join(folder, 'checkpoints', 'step-00000010', 'model.safetensors'), 1000);
    const second = await runTiny({ engine, folder, job: { resume: 'latest' } });
    expect(second.events[0]).toMatchObject({ type: 'notice', step: 10 });
    expect(second.events[1]).toEqual({ type: 'resumed', step: 8 });
    expect(second.losses).toEqual(whole.losses.slice(8));
  });

  it('goes on from no checkpoint in which a single bit of weights or moments has changed', async () => {
    const whole = await runTiny({ engine, folder: await temporaryFolder() });
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, job: pauseAt(isStep(10)) });
    for (const file of ['model.safetensors', 'loam/optimizer.safetensors']) {
      const path = join(folder, 'checkpoints', 'step-00000010', file);
      const bit = 8 * (await stat(path)).size - 60;
      await flipBit(path, bit);
      const second = await runTiny({ engine, folder, job: { resume: 'latest', ...pauseAt(isStep(9)) } });
      expect(second.events[0]).toMatchObject({ type: 'notice', step: 10 });
      expect(second.events[1]).toEqual({ type: 'resumed', step: 8 });
      expect(second.losses).toEqual(whole.losses.slice(8, 9));
      // The run is at step 9 now; of its checkpoints, that of step 10 is looked at first.
      await flipBit(path, bit);
    }
  });

  it('refuses when no checkpoint can be read, rather than to begin anew over them', async () => {
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, training: { steps: 4 } });
    const checkpoint = join(folder, 'checkpoints', 'step-00000004');
    await copyFile(join(checkpoint, 'config.json'), join(checkpoint, 'model.safetensors'));
    await expect(runTiny({ engine, folder, job: { resume: 'latest' } })).rejects.toThrow(/step-00000004/);
  });

  it('of a finished run ends at once with the same result', async () => {
    const folder = await temporaryFolder();
    const first = await runTiny({ engine, folder });
    const second = await runTiny({ engine, folder, job: { resume: 'latest' } });
    expect(second.result).toEqual(first.result);
    expect(second.events.map(({ type }) => type)).toEqual(['resumed']);
  });
});
