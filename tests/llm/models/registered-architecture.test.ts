import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { testEngine } from '../../../src/main/llm/engine-trials/self-test.ts';
import type { Engine } from '../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../src/main/llm/engines/onnxruntime/engine.ts';
import { bigramBaseline } from '../../../src/main/llm/objectives/next-token/bigram-baseline.ts';
import { evaluateNextToken } from '../../../src/main/llm/objectives/next-token/evaluator.ts';
import { exportOnnx } from '../../../src/main/llm/export/onnx-export.ts';
import { loadDeviceWeights } from '../../../src/main/llm/checkpoints/device-weights.ts';
import { loadModel } from '../../../src/main/llm/generation/loaded-model.ts';
import { countParameters, registerArchitecture } from '../../../src/main/llm/models/registry.ts';
import { pauseAt, runTiny, temporaryFolder, tinyJob } from '../training/tiny-run.ts';
import { bigramTable } from './bigram-table.ts';

registerArchitecture(bigramTable);

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const training = { steps: 60, learningRate: 5e-2, evaluationInterval: 20, batchSize: 8 };

/** A run of the architecture, with the settings of a tiny run of GPT. */
async function runOf(folder: string) {
  const { shape } = await tinyJob({ engine, folder });
  const { vocabularySize, contextLength } = shape;
  const own = {
    architecture: 'bigram-table',
    vocabularySize,
    contextLength,
    dropout: 0,
    rank: 16,
    use: 'generate',
  };
  return { engine, folder, training, job: { shape: own } };
}

describe('an architecture that the program does not name, once it is registered', () => {
  it('trains to what counting pairs of tokens gives, and no further', async () => {
    const folder = await temporaryFolder();
    const run = await runOf(folder);
    const { result } = await runTiny(run);
    const { data } = await tinyJob(run);
    const counted = bigramBaseline({
      train: data.train,
      validation: data.validation,
      vocabularySize: run.job.shape.vocabularySize,
    });
    expect(result.best?.loss).toBeGreaterThan(counted.loss - 0.1);
    expect(result.best?.loss).toBeLessThan(counted.loss + 0.3);
  });

  it('has bitwise the same losses and weights after a pause', async () => {
    const whole = await runTiny(await runOf(await temporaryFolder()));
    const folder = await temporaryFolder();
    const run = await runOf(folder);
    const pause = pauseAt((event) => event.type === 'step' && event.metrics.step === 33);
    const first = await runTiny({ ...run, job: { ...run.job, ...pause } });
    const second = await runTiny({ ...run, job: { ...run.job, resume: 'latest' } });
    expect(first.result).toMatchObject({ end: 'paused', step: 33 });
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
    const weightsOf = (best: string | undefined) => readFile(join(best ?? '', 'model.safetensors'));
    expect(await weightsOf(second.result.best?.folder)).toEqual(await weightsOf(whole.result.best?.folder));
  });

  it('evaluates, writes and exports from its checkpoint', async () => {
    const folder = await temporaryFolder();
    const run = await runOf(folder);
    const { result } = await runTiny(run);
    const checkpoint = result.best?.folder ?? '';
    const model = await openModelFolder(checkpoint);
    expect(model.shape).toEqual(run.job.shape);
    expect(countParameters(model.shape)).toBe(2 * 16 * model.shape.vocabularySize);
    const weights = await loadDeviceWeights(engine, model.shape, (name) => model.weights.read(name));
    const { data } = await tinyJob(run);
    const evaluation = await evaluateNextToken({
      engine,
      shape: model.shape,
      weights: weights.tensors,
      split: data.validation,
    });
    expect(evaluation.loss).toBeCloseTo(result.best?.loss ?? 0, 5);
    weights.dispose();
    await model.close();

    const resident = await loadModel({ engine, folder: checkpoint });
    const { text } = await resident.generator.generate({ prompt: 'the ', maximumTokens: 24, temperature: 0 });
    expect(text).toHaveLength(24);
    await resident.close();

    const exported = await exportOnnx({
      modelFolder: checkpoint,
      outputFolder: join(await temporaryFolder(), 'exported'),
      engine,
    });
    expect(exported.comparison.maximumDifference).toBeLessThan(1e-5);
  });

  it('is among those on which an engine is tried', async () => {
    const shapes = bigramTable.trialShapes();
    expect(shapes).toHaveLength(1);
    await testEngine(engine);
  });
});

it('a name is not given twice', () => {
  expect(() => registerArchitecture(bigramTable)).toThrow('an architecture "bigram-table" already');
});
