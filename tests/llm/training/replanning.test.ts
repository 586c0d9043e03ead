import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Calibration, TrainingEvent } from '../../../src/shared/runs/events.ts';
import { observedEngine } from './observed-engine.ts';
import { runTiny, temporaryFolder, type TinyRun, type TinyRunOutcome } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** Stands for SIGKILL: nothing of the session runs after it. */
class Killed extends Error {}

/** A machine whose clock runs by its steps: each takes what `secondsOfStep` says, and nothing else takes time. */
function machine(secondsOfStep: (step: number) => number, from = 0) {
  let now = 0;
  let step = from;
  let training = from > 0;
  return {
    engine: observedEngine(engine, {
      gradientNorm: (real) => {
        if (training) step += 1;
        now += secondsOfStep(step);
        return real;
      },
    }),
    clock: () => now,
    onEvent: (event: TrainingEvent) => {
      if (event.type === 'calibrated') training = true;
    },
  };
}

interface TimedRun {
  readonly secondsOfStep: (step: number) => number;
  readonly folder: string;
  readonly from?: number;
  readonly training?: TinyRun['training'];
  readonly job?: TinyRun['job'];
  readonly killAfter?: number;
}

/** A minute's budget; at half a second a step that is about 110 steps. */
async function runTimed(run: TimedRun): Promise<TinyRunOutcome> {
  const { engine: timed, clock, onEvent } = machine(run.secondsOfStep, run.from);
  return runTiny({
    engine: timed,
    folder: run.folder,
    training: { steps: undefined, minutes: 1, evaluationInterval: 25, ...run.training },
    job: {
      clock,
      ...run.job,
      onEvent: (event) => {
        onEvent(event);
        run.job?.onEvent?.(event);
        if (event.type === 'step' && event.metrics.step === run.killAfter) throw new Killed();
      },
    },
  });
}

const replanned = ({ events }: { readonly events: readonly TrainingEvent[] }) =>
  events.flatMap((event) => (event.type === 'replanned' ? [event] : []));
const rates = ({ events }: TinyRunOutcome) =>
  events.flatMap((event) => (event.type === 'step' ? [event.metrics.learningRate] : []));
const elapsed = ({ events }: TinyRunOutcome) =>
  events.findLast((event) => event.type === 'step')?.metrics.elapsedSeconds ?? 0;

const slowFrom = (step: number) => (each: number) => (each > step ? 1 : 0.5);

describe('a run with a time budget', () => {
  it('keeps its plan where the machine keeps its pace', async () => {
    const run = await runTimed({ secondsOfStep: () => 0.5, folder: await temporaryFolder() });
    expect(replanned(run)).toEqual([]);
    expect(run.result.end).toBe('completed');
  });

  it('plans fewer steps on a machine that has become slower, and ends its schedule when the time ends', async () => {
    const run = await runTimed({ secondsOfStep: slowFrom(30), folder: await temporaryFolder() });
    const [change] = replanned(run);
    expect(change?.steps).toBeLessThan((change?.from ?? 0) * 0.8);
    expect(run.result).toMatchObject({ end: 'completed', step: replanned(run).at(-1)?.steps });
    expect(rates(run).at(-1)).toBeCloseTo(1e-4, 5);
    expect(elapsed(run)).toBeGreaterThan(50);
    expect(elapsed(run)).toBeLessThanOrEqual(60);
  });

  it('plans more steps on a machine that has become faster', async () => {
    const run = await runTimed({
      secondsOfStep: (step) => (step > 30 ? 0.25 : 0.5),
      folder: await temporaryFolder(),
    });
    const [change] = replanned(run);
    expect(change?.steps).toBeGreaterThan((change?.from ?? 0) * 1.3);
    expect(run.result.end).toBe('completed');
    expect(elapsed(run)).toBeGreaterThan(50);
    expect(elapsed(run)).toBeLessThanOrEqual(60);
  });

  it('takes no notice of a single step that was held up', async () => {
    const run = await runTimed({
      secondsOfStep: (step) => (step === 30 ? 2 : 0.5),
      folder: await temporaryFolder(),
    });
    expect(replanned(run)).toEqual([]);
  });

  it('never changes a number of steps that was given', async () => {
    for (const minutes of [undefined, 1]) {
      const run = await runTimed({
        secondsOfStep: slowFrom(10),
        folder: await temporaryFolder(),
        training: { steps: 45, minutes },
      });
      expect(replanned(run)).toEqual([]);
      expect(run.result).toMatchObject({ end: 'completed', step: 45 });
    }
  });

  it('says what was cut where the clock ends it all the same', async () => {
    const run = await runTimed({
      secondsOfStep: (step) => (step > 50 ? 20 : 0.5),
      folder: await temporaryFolder(),
    });
    expect(run.result.end).toBe('timeBudget');
    expect(run.events.findLast(({ type }) => type === 'notice')).toMatchObject({
      message: expect.stringMatching(/^The time was up before the last \d+ steps/),
    });
  });
});

describe('a run whose plan was changed', () => {
  it('has bitwise the same losses from whichever checkpoint it goes on after it was killed', async () => {
    // Half as fast as measured, from the first step on: planned anew at step 20, between two checkpoints.
    const secondsOfStep = (step: number) => (step > 0 ? 1 : 0.5);
    const training = { keepCheckpoints: 10, evaluationInterval: 15 };
    const whole = await runTimed({ secondsOfStep, training, folder: await temporaryFolder() });
    expect(replanned(whole).map(({ step }) => step)).toEqual([20]);

    const folder = await temporaryFolder();
    let recorded: Calibration | undefined;
    const goOn = (from: number, killAfter?: number) =>
      runTimed({
        secondsOfStep,
        training,
        folder,
        from,
        ...(killAfter === undefined ? {} : { killAfter }),
        job: {
          resume: 'latest',
          ...(recorded === undefined ? {} : { calibration: recorded }),
          onEvent: (event) => {
            if (event.type === 'calibrated' || event.type === 'replanned') recorded = event.calibration;
          },
        },
      });
    await expect(goOn(0, 28)).rejects.toThrow(Killed);
    // The checkpoint of step 15 knows nothing of the change; the record does.
    await expect(goOn(15, 40)).rejects.toThrow(Killed);
    await rm(join(folder, 'checkpoints', 'step-00000030'), { recursive: true });
    const rest = await goOn(15);
    expect(rest.events[0]).toEqual({ type: 'resumed', step: 15 });
    expect(replanned(rest)).toEqual([]);
    expect(rest.losses).toEqual(whole.losses.slice(15));
    expect(rates(rest)).toEqual(rates(whole).slice(15));
    // And so has another run that is given the record.
    const repeated = await runTimed({
      secondsOfStep,
      training,
      folder: await temporaryFolder(),
      from: 1,
      ...(recorded === undefined ? {} : { job: { calibration: recorded } }),
    });
    expect(repeated.losses).toEqual(whole.losses);
  });

  it('is kept by a branch that goes on with its settings', async () => {
    const folder = await temporaryFolder();
    const parent = await runTimed({ secondsOfStep: slowFrom(20), folder, training: { keepCheckpoints: 10 } });
    const [change] = replanned(parent);
    const checkpoint = 25 * Math.ceil((change?.step ?? 0) / 25);
    const branch = await runTimed({
      secondsOfStep: () => 0.1,
      from: checkpoint,
      folder: await temporaryFolder(),
      training: { keepCheckpoints: 10 },
      job: {
        start: {
          folder: join(folder, 'checkpoints', `step-${String(checkpoint).padStart(8, '0')}`),
          takes: 'everything',
        },
      },
    });
    expect(replanned(parent)).toHaveLength(1);
    expect(replanned(branch)).toEqual([]);
    expect(branch.losses).toEqual(parent.losses.slice(checkpoint));
  });
});
