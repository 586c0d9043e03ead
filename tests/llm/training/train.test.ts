import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { learningRateAt } from '../../../src/main/llm/training/learning-rate.ts';
import { observedEngine } from './observed-engine.ts';
import { pauseAt, runTiny, temporaryFolder, tinyText, tinyTokenizer } from './tiny-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

describe('training', () => {
  it('brings training and validation loss far down on a short text', async () => {
    const folder = await temporaryFolder();
    const { result, losses, events } = await runTiny({
      engine,
      folder,
      training: { steps: 400, batchSize: 8, evaluationInterval: 100 },
    });
    expect(result).toMatchObject({ end: 'completed', step: 400 });
    // 22 characters: ln 22 ≈ 3.09 before training; the text's only uncertainty is which of four sentences follows.
    expect(losses[0]![1]).toBeGreaterThan(2.9);
    expect(losses.at(-1)![1]).toBeLessThan(0.6);
    expect(result.best?.loss).toBeLessThan(0.6);
    const evaluated = events.flatMap((event) => (event.type === 'evaluated' ? [event.metrics] : []));
    expect(evaluated.map(({ step }) => step)).toEqual([100, 200, 300, 400]);
  });

  it('reports every step with the schedule’s learning rate, the tokens so far and a gradient norm', async () => {
    const { events } = await runTiny({ engine, folder: await temporaryFolder() });
    const metrics = events.flatMap((event) => (event.type === 'step' ? [event.metrics] : []));
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    const schedule = {
      schedule: 'cosine',
      learningRate: 5e-3,
      minimumLearningRate: 1e-4,
      steps: 12,
      warmupSteps: 2,
      decayFraction: 0.2,
    } as const;
    for (const {
      step,
      learningRate,
      tokens,
      gradientNorm,
      tokensPerSecond,
      memoryBytes,
      remainingSeconds,
    } of metrics) {
      expect(learningRate).toBe(learningRateAt(step, schedule));
      expect(tokens).toBe(step * 4 * 16);
      expect(gradientNorm).toBeGreaterThan(0);
      expect(tokensPerSecond).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(1e7);
      expect(remainingSeconds).toBeGreaterThanOrEqual(0);
    }
  });

  it('gives the same losses, up to rounding, whatever the micro-batches', async () => {
    const run = async (microBatchSize: number) =>
      (await runTiny({ engine, folder: await temporaryFolder(), training: { microBatchSize } })).losses;
    const [whole, halves, singles] = [await run(4), await run(2), await run(1)];
    for (const [index, [step, loss]] of whole.entries()) {
      expect(halves[index]![1], `step ${step}`).toBeCloseTo(loss, 4);
      expect(singles[index]![1], `step ${step}`).toBeCloseTo(loss, 4);
    }
  });

  it('gives the same losses with gradient checkpointing and with the loss in parts', async () => {
    const plain = await runTiny({ engine, folder: await temporaryFolder() });
    const thrifty = await runTiny({
      engine,
      folder: await temporaryFolder(),
      training: { gradientCheckpointing: true, lossChunks: 3 },
    });
    for (const [index, [step, loss]] of plain.losses.entries()) {
      expect(thrifty.losses[index]![1], `step ${step}`).toBeCloseTo(loss, 4);
    }
  });

  it('gives other losses for another seed, and the same for the same', async () => {
    const run = async (seed: number) =>
      (await runTiny({ engine, folder: await temporaryFolder(), training: { seed } })).losses;
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('keeps the best and the latest checkpoints, each a whole model folder', async () => {
    const folder = await temporaryFolder();
    const { result, events } = await runTiny({
      engine,
      folder,
      training: { steps: 20, evaluationInterval: 4, keepCheckpoints: 1 },
    });
    const names = await readdir(join(folder, 'checkpoints'));
    const written = events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []));
    const removed = events.flatMap((event) => (event.type === 'checkpointRemoved' ? [event.step] : []));
    expect(written).toEqual([4, 8, 12, 16, 20]);
    const kept = written.filter((step) => !removed.includes(step));
    expect(kept).toEqual([...new Set([result.best!.step, 20])].sort((a, b) => a - b));
    expect(names.sort()).toEqual(kept.map((step) => `step-${String(step).padStart(8, '0')}`));

    const model = await openModelFolder(result.best!.folder);
    expect(model.shape).toMatchObject({ layers: 2, hiddenSize: 32, contextLength: 16 });
    expect(model.tokenizer.hash).toBe((await tinyTokenizer()).hash);
    await model.close();
    const provenance: unknown = JSON.parse(
      await readFile(join(result.best!.folder, 'loam', 'provenance.json'), 'utf8'),
    );
    expect(provenance).toEqual({ made: 'by a test' });
  });

  it('evaluates a part of the validation text during the run and the whole of it at the end', async () => {
    const { events, result } = await runTiny({
      engine,
      folder: await temporaryFolder(),
      training: { evaluationTokens: 64 },
    });
    const evaluated = events.flatMap((event) => (event.type === 'evaluated' ? [event.metrics] : []));
    expect(evaluated.map(({ step, complete }) => [step, complete])).toEqual([
      [4, false],
      [8, false],
      [12, true],
    ]);
    expect(evaluated.map(({ predictions }) => predictions).slice(0, 2)).toEqual([64, 64]);
    expect(evaluated[2]!.predictions).toBeGreaterThan(64);
    // The competition for the best checkpoint is held over the same tokens each time.
    const competing = events.flatMap((event) =>
      event.type === 'checkpoint' ? [[event.step, event.loss] as const] : [],
    );
    expect(competing[0]![1]).toBe(evaluated[0]!.loss);
    expect(competing[2]![1]).not.toBe(evaluated[2]!.loss);
    expect(result.best?.loss).toBe(Math.min(...competing.map(([, loss]) => loss!)));
  });

  it('writes samples with the parameters of the moment, the same for the same seed', async () => {
    const run = async () => {
      const sample = { prompt: 'the ', maximumTokens: 40, temperature: 0.5 };
      const training = { steps: 300, batchSize: 8, evaluationInterval: 150, sample };
      const { events } = await runTiny({ engine, folder: await temporaryFolder(), training });
      return events.flatMap((event) => (event.type === 'sample' ? [event] : []));
    };
    const samples = await run();
    expect(samples.map(({ step, prompt }) => [step, prompt])).toEqual([
      [150, 'the '],
      [300, 'the '],
    ]);
    expect(samples[0]!.text).not.toBe(samples[1]!.text);
    const words = new Set(tinyText.split(/[ .]+/));
    expect(
      samples[1]!.text
        .split(/[ .]+/)
        .slice(0, -1)
        .filter((word) => words.has(word)).length,
    ).toBeGreaterThan(4);
    expect(await run()).toEqual(samples);
  });

  it('trains the same with samples as without', async () => {
    const run = async (maximumTokens: number) =>
      (await runTiny({ engine, folder: await temporaryFolder(), training: { sample: { maximumTokens } } }))
        .losses;
    expect(await run(20)).toEqual(await run(0));
  });

  it('stops early when the validation loss gets no better', async () => {
    // A learning rate of almost nothing: the loss moves by less than the first evaluation's noise only by luck.
    const { result, events } = await runTiny({
      engine,
      folder: await temporaryFolder(),
      training: {
        steps: 200,
        evaluationInterval: 2,
        earlyStoppingPatience: 3,
        learningRate: 0.3,
        minimumLearningRate: 0.3,
        guard: { action: 'warn' },
      },
    });
    expect(result.end).toBe('earlyStopped');
    const losses = events.flatMap((event) => (event.type === 'evaluated' ? [event.metrics.loss] : []));
    expect(losses.slice(-3).every((loss) => loss >= Math.min(...losses))).toBe(true);
    expect(result.step).toBe(2 * losses.length);
    expect(result.best?.step).toBe(result.step - 6);
  });

  it('refuses a text that is shorter than the context', async () => {
    await expect(
      runTiny({ engine, folder: await temporaryFolder(), model: { contextLength: 5000 } }),
    ).rejects.toThrow(/training text has \d+ tokens/);
  });

  it('refuses micro-batches that do not divide the batch and names those that do', async () => {
    await expect(
      runTiny({ engine, folder: await temporaryFolder(), training: { microBatchSize: 3 } }),
    ).rejects.toThrow('Use auto or one of 1, 2, 4.');
  });

  it('refuses to begin anew where checkpoints lie', async () => {
    const folder = await temporaryFolder();
    await runTiny({ engine, folder, training: { steps: 4 } });
    await expect(runTiny({ engine, folder, training: { steps: 4 } })).rejects.toThrow(
      'This run has checkpoints already.',
    );
  });

  it('saves nothing when it is paused before the first step', async () => {
    const folder = await temporaryFolder();
    const { result } = await runTiny({
      engine,
      folder,
      job: pauseAt((event) => event.type === 'calibrated'),
    });
    expect(result).toEqual({ end: 'paused', step: 0 });
    expect(await readdir(join(folder, 'checkpoints'))).toEqual([]);
  });
});

describe('a time budget', () => {
  /** An engine with a clock of its own: a program takes 50 ms, an update `secondsOfUpdate`. */
  const timed = (secondsOfUpdate: () => number) => {
    let now = 0;
    const timedEngine = observedEngine(engine, {
      onRun: () => {
        now += 0.05;
      },
      onUpdate: () => {
        now += secondsOfUpdate();
      },
    });
    return { engine: timedEngine, job: { clock: () => now } };
  };

  it('becomes a recorded number of steps that the schedule follows', async () => {
    const { result, events } = await runTiny({
      ...timed(() => 0.1),
      folder: await temporaryFolder(),
      training: { steps: undefined, minutes: 1, evaluationInterval: 50 },
    });
    const calibrated = events.find((event) => event.type === 'calibrated');
    const steps = calibrated!.calibration.steps;
    // A step takes 0.2 s, an evaluation one run of 0.05 s: 57 s less the calibration's hold 270 to 285 steps.
    expect(calibrated!.calibration.secondsPerStep).toBeCloseTo(0.2, 6);
    expect(steps).toBeGreaterThan(270);
    expect(steps).toBeLessThan(285);
    expect(result).toMatchObject({ end: 'completed', step: steps });
    const last = events.findLast((event) => event.type === 'step');
    expect(last!.metrics.learningRate).toBeCloseTo(1e-4, 12);
    expect(last!.metrics.elapsedSeconds).toBeGreaterThan(54);
    expect(last!.metrics.elapsedSeconds).toBeLessThan(60);
  });

  it('ends a run whose steps take longer than they were measured to', async () => {
    const slow = true;
    const { result, events } = await runTiny({
      ...timed(() => (slow ? 1 : 0.1)),
      folder: await temporaryFolder(),
      training: { steps: 1000, minutes: 0.5, evaluationInterval: 1000 },
    });
    expect(result.end).toBe('timeBudget');
    expect(result.step).toBeGreaterThan(0);
    expect(result.step).toBeLessThan(1000);
    expect(
      events
        .filter((event) => event.type === 'evaluated')
        .map(({ metrics }) => [metrics.step, metrics.complete]),
    ).toEqual([[result.step, true]]);
    expect(events.filter((event) => event.type === 'checkpoint').map(({ step }) => step)).toEqual([
      result.step,
    ]);
    expect(result.best?.step).toBe(result.step);
  });
});
