import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openModelFolder } from '../../../src/main/llm/checkpoints/model-folder.ts';
import { parametersOf } from '../../../src/main/llm/models/registry.ts';
import { countTrained, trainedPart } from '../../../src/main/llm/training/trained-part.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { trainRun } from '../../../src/main/studio/training/train-run.ts';
import { resolveConfiguration } from '../../../src/main/studio/training/resolve-configuration.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { createRun } from '../../../src/main/studio/training/create-run.ts';
import { estimateRun } from '../../../src/main/studio/training/estimate-run.ts';
import { describeStart, startModelCard } from '../../../src/main/studio/training/planned-start.ts';
import { adjustableSettings, startIssues } from '../../../src/main/studio/training/start-issues.ts';
import { findStartModel, startConfiguration } from '../../../src/main/studio/training/start-model.ts';
import { listMetrics } from '../../../src/main/studio/store/run-records.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
let model: string;
beforeEach(async () => {
  place = await openProjectPlace();
  model = join(place.folder, 'elsewhere');
  await writeTinyModel(model);
  const template = '{% for message in messages %}{{ message.content }}{% endfor %}';
  await writeFile(join(model, 'chat_template.jinja'), template);
  await importDataset(place.project, {
    name: 'foxes',
    paths: [await place.write('foxes.txt', 'the quick brown fox jumps over the lazy dog\n'.repeat(60))],
  });
});
afterEach(() => place.remove());

/** Prepares a run of four steps that begins with a model. */
async function prepare(from: string, values: Readonly<Record<string, unknown>> = {}) {
  const start = await findStartModel(place.project, from);
  const configuration = resolveConfiguration([
    { origin: 'the model', values: startConfiguration(start) },
    {
      origin: 'the test',
      values: {
        training: { steps: 4, batchSize: 2, evaluationInterval: 4, sample: { maximumTokens: 0 } },
        engine: { threads: 1 },
      },
    },
    { origin: 'the options', values },
  ]);
  const notices: string[] = [];
  const run = await createRun(place.project, {
    baseName: 'tuned',
    dataset: 'foxes',
    from,
    configuration,
    onProgress: (progress) => {
      if (progress.stage === 'notice') notices.push(progress.message);
    },
  });
  return { run, notices };
}

const train = (run: string) =>
  trainRun(
    { project: place.project.folder, run },
    { signal: new AbortController().signal, emit: () => undefined },
  );

async function weightsOf(folder: string) {
  const opened = await openModelFolder(folder);
  const name = opened.weights.names[0] ?? '';
  const first = await opened.weights.read(name);
  await opened.close();
  return { shape: opened.shape, first };
}

describe('a run that begins with a model', () => {
  test('trains that model with its own tokenizer, and keeps the files that it came with', async () => {
    const { run } = await prepare(model);
    expect(run.name).toBe('tuned-1');
    const before = await weightsOf(model);
    expect((await weightsOf(join(place.project.paths.run(run.name), 'start'))).first).toEqual(before.first);

    await train(run.name);
    const row = requireRun(place.project, run.name);
    expect(row.status).toBe('completed');
    expect(row.provenance.startModel).toEqual({ reference: model });
    const checkpoint = join(place.project.paths.run(run.name), 'checkpoints', 'step-00000004');
    const after = await weightsOf(checkpoint);
    expect(after.shape).toEqual(before.shape);
    expect(after.first).not.toEqual(before.first);
    expect(await readFile(join(checkpoint, 'chat_template.jinja'), 'utf8')).toContain('message.content');

    // Another run goes on from what was learnt, with the tokenizer that is there by now.
    const { run: second } = await prepare(run.name);
    expect(second.tokenizer).toBe(run.tokenizer);
    await train(second.name);
    const losses = [run, second].map(
      ({ name }) => listMetrics(place.project.store, requireRun(place.project, name).id)[0]?.loss ?? 0,
    );
    expect(losses[1]).toBeLessThan(losses[0] ?? 0);
  });

  test('trains its topmost layers alone where it is told so, and one from nothing refuses to', async () => {
    const { run } = await prepare(model, { training: { trainedLayers: 1 } });
    await train(run.name);
    const weights = async (folder: string) => {
      const opened = await openModelFolder(folder);
      const read = await Promise.all(
        opened.weights.names.map(async (name) => [name, await opened.weights.read(name)] as const),
      );
      await opened.close();
      const parameters = parametersOf(opened.shape);
      return {
        values: new Map(read),
        learns: trainedPart(parameters, { trainedLayers: 1 }).learns,
        parameters,
      };
    };
    const { values: before, learns, parameters } = await weights(model);
    const { values: after } = await weights(
      join(place.project.paths.run(run.name), 'checkpoints', 'step-00000004'),
    );
    expect(parameters.some(learns)).toBe(true);
    for (const parameter of parameters) {
      const moved = after
        .get(parameter.name)
        ?.some((value, at) => value !== before.get(parameter.name)?.[at]);
      expect(moved, parameter.name).toBe(learns(parameter));
    }
    await expect(
      createRun(place.project, {
        baseName: 'nothing',
        dataset: 'foxes',
        configuration: resolveConfiguration([
          { origin: 'the test', values: { training: { trainedLayers: 1 } } },
        ]),
      }),
    ).rejects.toThrow('this run begins with none');
  });

  test('is reckoned with the model’s own tokenizer, and with the memory of the layers that learn', async () => {
    const start = await describeStart(place.project, model);
    const { configuration } = startModelCard(place.project, start);
    const estimate = async (training: Readonly<Record<string, unknown>> = {}) => {
      const answer = await estimateRun(
        place.project,
        {
          dataset: 'foxes',
          from: model,
          configuration: {
            ...configuration,
            training: { ...configuration.training, steps: 500, microBatchSize: 1, ...training },
          },
        },
        start,
      );
      if (answer.estimate === undefined) throw new Error(JSON.stringify(answer.issues));
      return { ...answer, estimate: answer.estimate };
    };
    const whole = await estimate();
    expect(whole.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { parameters, vocabulary, memory } = whole.estimate;
    expect(parameters.learning).toBe(parameters.total);
    expect(vocabulary).toEqual({ size: start.tokenizer.vocabularySize });
    expect(whole.estimate).not.toHaveProperty('quality');

    const topmost = (await estimate({ trainedLayers: 1 })).estimate;
    const ofModel = parametersOf(start.shape);
    const learning = countTrained(ofModel, trainedPart(ofModel, { trainedLayers: 1 }));
    expect(topmost.parameters.learning).toBe(learning);
    expect(topmost.memory.gradients).toBe(4 * learning);
    expect(topmost.memory.total).toBeLessThan(memory.total);
    expect(topmost.training.secondsPerStep).toBeLessThan(whole.estimate.training.secondsPerStep);
    expect(topmost.disk.checkpoint).toBeLessThan(whole.estimate.disk.checkpoint);
  });

  test('can have another dropout and a shorter context, and no other setting: each is named', async () => {
    const start = await describeStart(place.project, model);
    const settings = (changes: Readonly<Record<string, unknown>>) =>
      resolveConfiguration([
        { origin: 'the model', values: startConfiguration(start) },
        { origin: 'the test', values: { model: changes, engine: { threads: 1 } } },
      ]);
    const issuesOf = (changes: Readonly<Record<string, unknown>>) =>
      startIssues(settings(changes), start).map(({ path, what }) => ({ path, what }));
    expect(adjustableSettings(start.shape)).toContain('dropout');
    expect(issuesOf({})).toEqual([]);
    expect(issuesOf({ dropout: 0.1 })).toEqual([]);
    // The same parameters, and yet another model: positions would mean something else.
    expect(issuesOf({ rotaryBase: 500 })).toEqual([
      { path: 'model.rotaryBase', what: expect.stringContaining('describes another model than') },
    ]);
    const longer = issuesOf({ contextLength: 2 * start.shape.contextLength });
    expect(longer).toEqual([{ path: 'model.contextLength', what: expect.any(String) }]);
  });

  test('is read again where its folder has changed', async () => {
    const before = await describeStart(place.project, model);
    expect((await describeStart(place.project, model)).tokenizer).toBe(before.tokenizer);
    await rm(join(model, 'config.json'));
    await expect(describeStart(place.project, model)).rejects.toThrow('config.json');
  });

  test('is refused before anything is made where the settings describe another model', async () => {
    await expect(prepare(model, { model: { hiddenSize: 64 } })).rejects.toThrow(
      'describes another model than',
    );
    await expect(prepare(join(place.folder, 'nothing'))).rejects.toThrow(
      'neither such a run nor such a folder',
    );
  });
});
