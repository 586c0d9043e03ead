import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveGptShape, gptConfigurationSchema } from '../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes } from '../../../src/shared/models/gpt-model-types.ts';
import { parseConfiguration } from '../../../src/shared/runs/configuration-schema.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { presets, resolveModelShape } from '../../../src/shared/models/registry.ts';
import { countParameters } from '../../../src/main/llm/models/registry.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { describeHardware } from '../../../src/main/studio/hardware/hardware.ts';
import { estimateMemory } from '../../../src/main/studio/training/estimate-memory.ts';
import { estimateParameters } from '../../../src/main/studio/training/estimate-parameters.ts';
import { estimateRun } from '../../../src/main/studio/training/estimate-run.ts';
import type { Calibration } from '../../../src/shared/runs/events.ts';
import { createRunRecorder } from '../../../src/main/studio/runs/run-recorder.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { estimateStepTime } from '../../../src/main/studio/training/estimate-time.ts';
import { rememberMeasurement, type Measurement } from '../../../src/main/studio/engines/measurements.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const nano = presets()[0]!.configuration;

async function importText(bytes: number): Promise<void> {
  const line = 'The pump in hall three was serviced and runs without noise again.\n';
  await importDataset(place.project, {
    name: 'notes',
    paths: [await place.write('notes.txt', line.repeat(Math.ceil(bytes / line.length)))],
  });
}

async function estimate(configuration: RunConfigurationInput, dataset = 'notes') {
  const answer = await estimateRun(place.project, { dataset, configuration });
  if (answer.estimate === undefined) throw new Error(JSON.stringify(answer.issues));
  return { ...answer, estimate: answer.estimate };
}

describe('the parameters of an estimate', () => {
  it.each(gptModelTypes)('are exactly those of the model, for %s, tied or not', (modelType) => {
    for (const tiedEmbeddings of [true, false]) {
      const shape = resolveGptShape(
        gptConfigurationSchema.parse({ modelType, hiddenSize: 48, heads: 4, layers: 3, tiedEmbeddings }),
        1000,
      );
      const parts = estimateParameters(shape);
      expect(parts.total).toBe(countParameters(shape));
      expect(parts.embeddings + parts.attention + parts.feedForward + parts.norms).toBe(parts.total);
    }
  });

  it('belong to the parts that they say', () => {
    const shape = resolveGptShape(gptConfigurationSchema.parse({ hiddenSize: 8, heads: 2, layers: 2 }), 100);
    expect(estimateParameters(shape)).toEqual({
      embeddings: 100 * 8 + 256 * 8,
      attention: 2 * (8 * 24 + 24 + 8 * 8 + 8),
      feedForward: 2 * (8 * 32 + 32 + 32 * 8 + 8),
      norms: 2 * 2 * 2 * 8 + 2 * 8,
      total: 100 * 8 + 256 * 8 + 2 * (192 + 24 + 64 + 8) + 2 * (256 + 32 + 256 + 8) + 80,
    });
  });

  it('are counted without listing them: a million layers take no more than two', () => {
    const shape = resolveGptShape(gptConfigurationSchema.parse({}), 4096);
    const total = (layers: number): number => {
      const deeper = { ...shape, layers };
      return estimateParameters(deeper).total;
    };
    expect(total(1_000_000)).toBe(total(1) + 999_999 * (total(2) - total(1)));
  });
});

/** Peak resident memory as measured in bench/RESULTS.md, in bytes. */
const measuredPeaks = [
  {
    name: 'nano',
    shape: { hiddenSize: 128, layers: 4, heads: 4, contextLength: 64 },
    vocabulary: 65,
    batch: 12,
    bytes: 298e6,
  },
  {
    name: 'shake',
    shape: { hiddenSize: 384, layers: 6, heads: 6, contextLength: 256 },
    vocabulary: 65,
    batch: 16,
    bytes: 566e6,
  },
  {
    name: 'gpt2-124M',
    shape: { hiddenSize: 768, layers: 12, heads: 12, contextLength: 64 },
    vocabulary: 50257,
    batch: 4,
    bytes: 2532e6,
  },
];

describe('the memory of an estimate', () => {
  it.each(measuredPeaks)(
    'is within a fifth of what was measured for $name',
    ({ shape: model, vocabulary, batch, bytes }) => {
      const configuration = parseConfiguration({ model, training: { batchSize: batch } });
      const shape = resolveModelShape(configuration.model, { vocabularySize: vocabulary });
      const { total } = estimateMemory(shape, countParameters(shape), configuration.training);
      expect(total / bytes).toBeGreaterThan(1 / 1.2);
      expect(total / bytes).toBeLessThan(1.2);
    },
  );

  it('falls with gradient checkpointing', async () => {
    await importText(500_000);
    const training = { ...nano.training, microBatchSize: 12, batchSize: 12 };
    const plain = await estimate({ ...nano, training });
    const thrifty = await estimate({ ...nano, training: { ...training, gradientCheckpointing: true } });
    expect(thrifty.estimate.memory.activations).toBeLessThan(plain.estimate.memory.activations / 2);
  });
});

describe('the time of an estimate', () => {
  const { processor } = describeHardware();
  const measured = (hiddenSize: number, secondsPerStep: number): Measurement => {
    const configuration = parseConfiguration({ ...nano, model: { ...nano.model, hiddenSize } });
    const shape = resolveModelShape(configuration.model, { vocabularySize: 1024 });
    return {
      processor,
      shape,
      parameters: countParameters(shape),
      batchSize: 12,
      microBatchSize: 'auto',
      gradientCheckpointing: false,
      engine: 'onnxruntime',
      threads: 1,
      secondsPerStep,
      memoryBytes: 3e8,
      measuredAt: '2026-01-01T00:00:00.000Z',
    };
  };

  it('says that it is a guess, with a wide range, while nothing was measured on this machine', async () => {
    await importText(500_000);
    const { training } = (await estimate(nano)).estimate;
    expect(training.basis).toBe('guessed');
    expect(training.seconds.high / training.seconds.low).toBeCloseTo(9);
  });

  it('is what was measured once this very configuration was', async () => {
    await importText(500_000);
    await rememberMeasurement(measured(128, 0.25));
    const { training, memory } = (await estimate({ ...nano, engine: { threads: 1 } })).estimate;
    expect(training).toMatchObject({ basis: 'measured', secondsPerStep: 0.25, steps: 1500 });
    expect(training.seconds.expected).toBeGreaterThan(1500 * 0.25);
    expect(memory).toMatchObject({ basis: 'measured', total: 3e8 });
  });

  it('is what was measured by a version that called the model type otherwise', async () => {
    await importText(500_000);
    await rememberMeasurement(measured(128, 0.25));
    const file = join(place.folder, 'home', 'measurements.json');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('"modelType"');
    await writeFile(file, text.replaceAll('"modelType"', '"style"'));
    const { training } = (await estimate({ ...nano, engine: { threads: 1 } })).estimate;
    expect(training).toMatchObject({ basis: 'measured', secondsPerStep: 0.25 });
  });

  it.each([
    ['another engine', { engine: 'tensorflow' }],
    ['another version of the engine', { engineVersion: '1.0.0' }],
    ['a card', { engineDevice: 'NVIDIA T4' }],
  ] as const)('does not take what was measured with %s', async (_, other) => {
    await importText(500_000);
    await rememberMeasurement({ ...measured(128, 0.25), ...other });
    const { training } = (await estimate({ ...nano, engine: { threads: 1 } })).estimate;
    expect(training.basis).toBe('guessed');
  });

  it('takes what a run measured at its start as that of the engine that measured it, whichever it goes on with', async () => {
    await prepareRuns(place, ['a']);
    const { project } = place;
    const run = requireRun(project, 'a');
    const { configuration } = run;
    const recorder = createRunRecorder({
      project,
      run,
      training: configuration.training,
      signal: new AbortController().signal,
      clock: () => 0,
    });
    const calibrated = async (by: Partial<Calibration>): Promise<string> => {
      const calibration: Calibration = {
        microBatchSize: 1,
        lossChunks: 1,
        steps: 40,
        secondsPerStep: 0.25,
        memoryBytes: 1e9,
        candidates: [],
        ...by,
      };
      recorder.record({ type: 'calibrated', calibration });
      recorder.flush();
      return (await estimate(configuration, 'records')).estimate.training.basis;
    };
    expect(await calibrated({})).toBe('measured');
    expect(await calibrated({ engine: 'onnxruntime', device: 'cpu' })).toBe('measured');
    expect(await calibrated({ engine: 'tensorflow', device: 'cpu' })).toBe('guessed');
  });

  it('scales a measurement of a similar model by the work, and is less sure the less alike they are', () => {
    const work = measured(256, 1);
    const near = estimateStepTime(work, [measured(128, 0.25)]);
    expect(near.basis).toBe('scaled');
    // Twice the width is about four times the work in the layers and twice in embedding and attention.
    expect(near.secondsPerStep / 0.25).toBeGreaterThan(2);
    expect(near.secondsPerStep / 0.25).toBeLessThan(4);
    const far = estimateStepTime(measured(1024, 1), [measured(128, 0.25)]);
    expect(far.factor).toBeGreaterThan(near.factor);
    expect(estimateStepTime(work, [measured(128, 9), measured(192, 0.5)]).secondsPerStep).toBeLessThan(2);
  });

  it('turns minutes into steps that fit them', async () => {
    await importText(500_000);
    await rememberMeasurement(measured(128, 0.25));
    const { steps: _, ...training } = nano.training ?? {};
    const answer = await estimate({
      ...nano,
      training: { ...training, minutes: 10 },
      engine: { threads: 1 },
    });
    expect(answer.estimate.training.steps).toBeGreaterThan(1800);
    expect(answer.estimate.training.steps).toBeLessThan(2400);
    expect(answer.estimate.training.seconds.high).toBeLessThanOrEqual(600);
    expect(answer.issues).toEqual([]);
  });

  it('refuses minutes in which nothing could be measured, and offers minutes that are enough', async () => {
    await importText(500_000);
    await rememberMeasurement(measured(128, 2));
    const { steps: _, ...training } = nano.training ?? {};
    const plan = (minutes: number): RunConfigurationInput => ({
      ...nano,
      training: { ...training, minutes },
      engine: { threads: 1 },
    });
    const [found] = (await estimate(plan(0.1))).issues;
    expect(found).toMatchObject({
      rule: 'budgetReachesEvaluation',
      severity: 'error',
      path: 'training.minutes',
    });
    const enough = found?.corrections[0]?.changes[0]?.value;
    const after = (await estimate(plan(Number(enough)))).issues;
    expect(after.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('the text of an estimate', () => {
  it('is estimated from its bytes before it was encoded, and counted afterwards', async () => {
    await importDataset(place.project, {
      name: 'unread',
      paths: [await place.write('unread.txt', sampleText(200))],
    });
    const configuration: RunConfigurationInput = {
      model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
      tokenizer: { kind: 'char' },
      training: { steps: 40, batchSize: 4, evaluationInterval: 10 },
    };
    const before = (await estimate(configuration, 'unread')).estimate;
    expect(before.text.counted).toBe(false);
    expect(before.vocabulary.tokenizer).toBeUndefined();
    await prepareRuns(place, ['a']);
    const after = (await estimate(configuration, 'records')).estimate;
    expect(after.text.counted).toBe(true);
    expect(after.vocabulary.tokenizer).toBe('records-char');
    expect(before.text.trainTokens / after.text.trainTokens).toBeGreaterThan(0.9);
    expect(before.text.trainTokens / after.text.trainTokens).toBeLessThan(1.1);
    expect(after.text.bytes).toBe(Buffer.byteLength(sampleText(200)));
  });

  it('says how often it is gone through', async () => {
    await importText(500_000);
    const { training, text } = (await estimate(nano)).estimate;
    expect(training.passes).toBeCloseTo((1500 * 12 * 64) / text.trainTokens);
  });
});

describe('an estimate', () => {
  it('has only the issues where no model can be made of the settings', async () => {
    await importText(10_000);
    const answer = await estimateRun(place.project, {
      dataset: 'notes',
      configuration: { model: { hiddenSize: 100, heads: 7 } },
    });
    expect(answer.estimate).toBeUndefined();
    expect(answer.issues.map(({ rule }) => rule)).toEqual(['headsDivideWidth']);
  });

  it('promises less of fewer tokens, and of a text that is gone through again and again', async () => {
    await importText(3_000_000);
    const short = await estimate({
      ...nano,
      training: { ...nano.training, steps: 50, evaluationInterval: 10 },
    });
    const long = await estimate({ ...nano, training: { ...nano.training, steps: 6000 } });
    expect(short.estimate.quality?.level).toBe('letters');
    expect(long.estimate.quality?.level).toBe('phrases');
    await importDataset(place.project, {
      name: 'scrap',
      paths: [await place.write('scrap.txt', 'The pump runs. '.repeat(2000))],
    });
    const again = await estimate({ ...nano, training: { ...nano.training, steps: 6000 } }, 'scrap');
    expect(again.estimate.quality).toMatchObject({ level: 'letters', limit: 'text' });
  });

  it('refuses a model that the machine cannot hold', async () => {
    await importText(500_000);
    const { issues } = await estimate({
      ...nano,
      model: { hiddenSize: 65_536, layers: 96, heads: 64 },
    });
    expect(issues.find(({ rule }) => rule === 'memoryHoldsModel')?.severity).toBe('error');
  });

  it('names the nearest dataset when there is none of the name', async () => {
    await importText(10_000);
    await expect(estimate(nano, 'notse')).rejects.toThrow('Did you mean notes?');
  });

  it('takes less than 50 ms of the processor, so that it follows typing', async () => {
    await importText(500_000);
    await estimate(nano);
    const before = process.cpuUsage();
    for (let round = 0; round < 10; round++) await estimate(nano);
    // The processor's time and not the clock's: other work on the machine must not fail this.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000 / 10).toBeLessThan(50);
  });
});
