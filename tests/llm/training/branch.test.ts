import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import type { TrainingStart } from '../../../src/main/llm/training/job.ts';
import { observedEngine } from './observed-engine.ts';
import { pauseAt, runTiny, temporaryFolder, type TinyRunOutcome } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** A run of 12 steps with checkpoints at 8 and 12, and where the one at 8 lies. */
async function trainParent(): Promise<{ readonly parent: TinyRunOutcome; readonly checkpoint: string }> {
  const folder = await temporaryFolder();
  const parent = await runTiny({ engine, folder, model: { dropout: 0.1 } });
  return { parent, checkpoint: join(folder, 'checkpoints', 'step-00000008') };
}

async function branch(
  start: TrainingStart,
  training: NonNullable<Parameters<typeof runTiny>[0]['training']> = {},
): Promise<TinyRunOutcome> {
  const folder = await temporaryFolder();
  return runTiny({ engine, folder, model: { dropout: 0.1 }, training, job: { start } });
}

const evaluationsOf = ({ events }: TinyRunOutcome) =>
  events.flatMap((event) =>
    event.type === 'evaluated' ? [[event.metrics.step, event.metrics.loss] as const] : [],
  );

describe('a branch that takes everything', () => {
  it('has bitwise the losses that its parent had after that step, where no setting was changed', async () => {
    const { parent, checkpoint } = await trainParent();
    const branched = await branch({ folder: checkpoint, takes: 'everything' });
    expect(branched.losses).toEqual(parent.losses.slice(8));
    expect(evaluationsOf(branched)).toEqual(evaluationsOf(parent).slice(1));
    expect(branched.result).toMatchObject({ end: 'completed', step: 12 });
  });

  it('counts its time from its own beginning, and its tokens from its parent’s', async () => {
    const { checkpoint } = await trainParent();
    const { events } = await branch({ folder: checkpoint, takes: 'everything' });
    const first = events.find((event) => event.type === 'step');
    expect(first).toMatchObject({ metrics: { step: 9, tokens: 9 * 64 } });
    expect(first?.type === 'step' && first.metrics.elapsedSeconds).toBeLessThan(20);
  });

  it('trains on with more steps and another learning rate', async () => {
    const { parent, checkpoint } = await trainParent();
    const branched = await branch(
      { folder: checkpoint, takes: 'everything' },
      { steps: 16, learningRate: 1e-3 },
    );
    expect(branched.losses.map(([step]) => step)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
    // The first loss is computed before the first update: it knows nothing of the new rate.
    expect(branched.losses[0]).toEqual(parent.losses[8]);
    expect(branched.losses[1]).not.toEqual(parent.losses[9]);
  });

  it('measures again where the batch is another, and keeps the number of steps', async () => {
    const { checkpoint } = await trainParent();
    const { events, losses } = await branch({ folder: checkpoint, takes: 'everything' }, { batchSize: 2 });
    expect(events.find(({ type }) => type === 'calibrated')).toMatchObject({
      calibration: { microBatchSize: 2, steps: 12 },
    });
    expect(losses.map(([step]) => step)).toEqual([9, 10, 11, 12]);
  });

  it('measures again on another engine, since the plan was made for the pace of the first', async () => {
    const { checkpoint } = await trainParent();
    const start = { folder: checkpoint, takes: 'everything' } as const;
    const other = observedEngine(engine, {});
    const { events, losses } = await runTiny({
      engine: { ...other, description: { ...other.description, name: 'tensorflow' } },
      folder: await temporaryFolder(),
      model: { dropout: 0.1 },
      job: { start },
    });
    const calibrated = events.find(({ type }) => type === 'calibrated');
    expect(calibrated).toMatchObject({ calibration: { engine: 'tensorflow', steps: 12 } });
    expect(calibrated).not.toHaveProperty('calibration.keepsPlan');
    expect(losses.map(([step]) => step)).toEqual([9, 10, 11, 12]);
  });

  it('goes on from its own checkpoints once it has one', async () => {
    const { parent, checkpoint } = await trainParent();
    const start = { folder: checkpoint, takes: 'everything' } as const;
    const folder = await temporaryFolder();
    const setting = { engine, folder, model: { dropout: 0.1 } };
    const first = await runTiny({
      ...setting,
      job: { start, ...pauseAt((event) => event.type === 'step' && event.metrics.step === 10) },
    });
    const second = await runTiny({ ...setting, job: { start, resume: 'latest' } });
    expect([...first.losses, ...second.losses]).toEqual(parent.losses.slice(8));
  });

  it('goes back to where it began when the guard refuses a step before its first checkpoint', async () => {
    const { checkpoint } = await trainParent();
    let norms = 0;
    const troubled = observedEngine(engine, {
      gradientNorm: (real) => {
        norms += 1;
        return norms === 2 ? Number.NaN : real;
      },
    });
    const { events, losses } = await runTiny({
      engine: troubled,
      folder: await temporaryFolder(),
      model: { dropout: 0.1 },
      training: { evaluationInterval: 100 },
      job: { start: { folder: checkpoint, takes: 'everything' } },
    });
    expect(events.find(({ type }) => type === 'rolledBack')).toMatchObject({
      step: 10,
      toStep: 8,
    });
    expect(losses.map(([step]) => step)).toEqual([9, 9, 10, 11, 12]);
    expect(losses[1]).toEqual(losses[0]);
  });
});

describe('a branch that takes the weights', () => {
  it('begins at step 0 with what its parent had learnt and an optimizer that remembers nothing', async () => {
    const { parent, checkpoint } = await trainParent();
    const branched = await branch({ folder: checkpoint, takes: 'weights' });
    expect(branched.losses.map(([step]) => step)).toEqual(parent.losses.map(([step]) => step));
    // Both read the same batch at step 1.
    expect(branched.losses[0]?.[1]).toBeLessThan((parent.losses[0]?.[1] ?? 0) - 0.2);
    const again = await branch({ folder: checkpoint, takes: 'weights' });
    expect(again.losses).toEqual(branched.losses);
  });

  it('refuses a checkpoint of another shape in words', async () => {
    const { checkpoint } = await trainParent();
    const folder = await temporaryFolder();
    await expect(
      runTiny({
        engine,
        folder,
        model: { hiddenSize: 64 },
        job: { start: { folder: checkpoint, takes: 'weights' } },
      }),
    ).rejects.toThrow(/elements in the checkpoint/);
  });
});
