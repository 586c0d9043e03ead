import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { openModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import { openTrainingState } from '../../src/main/llm/checkpoints/training-state.ts';
import { startTraining } from '../../src/main/studio/training/start-training.ts';
import { openProject, type Project } from '../../src/main/studio/projects/projects.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { currentRun } from '../../src/main/studio/runs/runs.ts';
import { createRun } from '../../src/main/studio/training/create-run.ts';
import { listCheckpointRows } from '../../src/main/studio/store/checkpoints.ts';
import { listQueue } from '../../src/main/studio/store/queue.ts';
import { listMetrics, listRunEvaluations, listSamples } from '../../src/main/studio/store/run-records.ts';
import { randomNumbers } from '../faults/random-numbers.ts';

/** A model so small that a session of a second has dozens of steps, evaluations and checkpoints for a kill to hit. */
const configuration = (steps: number) =>
  resolveConfiguration([
    {
      origin: 'the test',
      values: {
        model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2, dropout: 0.1 },
        tokenizer: { kind: 'char' },
        training: {
          steps,
          batchSize: 4,
          microBatchSize: 2,
          warmupSteps: 5,
          evaluationInterval: 10,
          checkpointInterval: 5,
          evaluationTokens: 300,
          sample: { maximumTokens: 4 },
        },
        engine: { threads: 1 },
      },
    },
  ]);

/** What a run computed, as its store and its last checkpoint have it: times and memory aside. */
async function resultOf(project: Project, name: string) {
  const { id } = await currentRun(project, name);
  const last = listCheckpointRows(project.store, id).at(-1);
  return {
    steps: listMetrics(project.store, id).map(({ step, loss, learningRate, gradientNorm, tokens }) => ({
      step,
      loss,
      learningRate,
      gradientNorm,
      tokens,
    })),
    evaluations: listRunEvaluations(project.store, id).map(({ step, loss, predictions }) => ({
      step,
      loss,
      predictions,
    })),
    samples: listSamples(project.store, id).map(({ step, text }) => ({ step, text })),
    lastStep: last?.step,
    weights:
      last === undefined ? undefined : await readFile(join(project.folder, last.folder, 'model.safetensors')),
    moments:
      last === undefined
        ? undefined
        : await readFile(join(project.folder, last.folder, 'loam', 'optimizer.safetensors')),
  };
}

/** Every checkpoint that is there opens, and the store is whole. */
async function expectSound(project: Project, name: string): Promise<void> {
  const database = new SqliteDatabase(project.paths.store, { readonly: true });
  assert.equal(database.pragma('integrity_check', { simple: true }), 'ok');
  assert.deepEqual(database.pragma('foreign_key_check'), []);
  database.close();
  const parent = join(project.paths.run(name), 'checkpoints');
  const folders = (await readdir(parent).catch(() => [])).filter((entry) => !entry.startsWith('.'));
  for (const folder of folders) {
    const model = await openModelFolder(join(parent, folder));
    for (const parameter of model.weights.names) await model.weights.read(parameter);
    await model.close();
    const state = await openTrainingState(join(parent, folder));
    for (const parameter of model.weights.names) await state.moments(parameter);
    await state.close();
  }
  const run = await currentRun(project, name);
  assert.equal(run.status, 'interrupted');
  assert.deepEqual(
    listCheckpointRows(project.store, run.id).map(({ step }) => step),
    folders.map((folder) => Number(folder.replace('step-', ''))).toSorted((a, b) => a - b),
  );
  assert.deepEqual(listQueue(project.store), []);
}

export interface KillOptions {
  readonly folder: string;
  readonly dataset: string;
  readonly kills: number;
  readonly steps: number;
  /** Kills come between so many milliseconds after the start of the worker. */
  readonly between: readonly [number, number];
  readonly seed: number;
}

/**
 * Trains a run without interruption; then trains it again under other names while killing its worker at random moments, as
 * often as asked, and compares everything bit by bit.
 * @returns the number of runs that it took.
 */
export async function killAndCompare({
  folder,
  dataset,
  kills,
  steps,
  between,
  seed,
}: KillOptions): Promise<number> {
  const random = randomNumbers(seed);
  const project = openProject(folder);
  try {
    const prepare = (name: string) =>
      createRun(project, { name, baseName: name, dataset, configuration: configuration(steps) });
    await prepare('whole');
    const { status, step } = await startTraining({ project: folder, run: 'whole' });
    assert.deepEqual({ status, step }, { status: 'completed', step: steps });
    const whole = await resultOf(project, 'whole');
    assert.deepEqual(
      whole.steps.map(({ step: at }) => at),
      Array.from({ length: steps }, (_, index) => index + 1),
    );

    let killed = 0;
    let runs = 0;
    while (killed < kills) {
      const name = `killed-${++runs}`;
      await prepare(name);
      for (;;) {
        const kill = new AbortController();
        const end = startTraining({ project: folder, run: name, kill: kill.signal }).then(
          (outcome) => outcome.status,
          () => 'killed',
        );
        if (killed < kills)
          void sleep(between[0] + random() * (between[1] - between[0])).then(() => kill.abort());
        const ended = await end;
        if (ended === 'completed') break;
        assert.equal(ended, 'killed');
        killed++;
        await expectSound(project, name);
      }
      assert.deepEqual(await resultOf(project, name), whole);
    }
    return runs;
  } finally {
    project.close();
  }
}
