import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReplyWriting } from '../../../src/main/studio/chats/reply-writing.ts';
import { findCheckpoint } from '../../../src/main/studio/checkpoints/find-checkpoint.ts';
import { considerDeletion, deleteModel } from '../../../src/main/studio/checkpoints/delete-model.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { describeModel } from '../../../src/main/studio/checkpoints/model-card.ts';
import { labelModel, listModels, pinModel } from '../../../src/main/studio/checkpoints/models.ts';
import { toStoredPath } from '../../../src/main/studio/projects/paths.ts';
import {
  insertCheckpoint,
  listPinnedSteps,
  updateCheckpoint,
} from '../../../src/main/studio/store/checkpoints.ts';
import { insertJob, updateJob } from '../../../src/main/studio/store/jobs.ts';
import { findRunRow, updateRun } from '../../../src/main/studio/store/runs.ts';
import { trainRun } from '../../../src/main/studio/training/train-run.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
let tiny: string;
beforeEach(async () => {
  place = await openProjectPlace();
  tiny = join(place.folder, 'tiny model');
  await writeTinyModel(tiny);
});
afterEach(() => place.remove());

/** Nobody writes. */
const idle: Pick<ReplyWriting, 'busy' | 'release'> = { busy: () => false, release: async () => undefined };
const writing = idle as ReplyWriting;

/** A run with checkpoints of these steps, the first of them the best. */
async function addRun(name: string, steps: readonly number[]): Promise<number> {
  await prepareRuns(place, [name]);
  const run = findRunRow(place.project.store, name);
  if (run === undefined) throw new Error('The run is there.');
  for (const step of steps) {
    const folder = join(
      place.project.paths.run(name),
      'checkpoints',
      `step-${String(step).padStart(8, '0')}`,
    );
    await mkdir(folder, { recursive: true });
    await cp(tiny, folder, { recursive: true });
    insertCheckpoint(place.project.store, {
      runId: run.id,
      step,
      folder: toStoredPath(place.project.folder, folder),
      bytes: 1000,
      loss: step / 10,
      best: step === steps[0] ? 1 : 0,
      createdAt: new Date(1e12 + step * 1000).toISOString(),
    });
  }
  updateRun(place.project.store, run.id, { status: 'paused' });
  return run.id;
}

it('a model folder is imported under its own name, listed, found by its reference, and stays when its folder goes', async () => {
  await writeFile(join(tiny, 'optimizer.pt'), 'not needed');
  const progress: number[] = [];
  const { name } = await importModel(place.project, {
    folder: tiny,
    onProgress: ({ done, total }) => progress.push(done / total),
  });
  expect(name).toBe('tiny-model');
  expect(progress.at(-1)).toBe(1);
  await rm(tiny, { recursive: true });
  const [model] = listModels(place.project);
  expect(model).toMatchObject({
    reference: 'models/tiny-model',
    origin: { kind: 'imported', from: tiny },
    modelType: 'llama',
    contextLength: 32,
  });
  const found = await findCheckpoint(place.project, 'models/tiny-model');
  expect(await readdir(found.folder)).not.toContain('optimizer.pt');
  expect((await findCheckpoint(place.project, 'tiny-model')).label).toBe('models/tiny-model');
  const card = await describeModel(found);
  expect(card.chat).toBe(false);
  expect(card.parts.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(model?.parameters);
  expect(card.files.map((file) => file.name)).toContain('model.safetensors');
});

it('a model’s chat template is seen, and not run, when the model is looked at', async () => {
  const endless = '{% for i in range(100000000) %}{{ i }}{% endfor %}';
  await writeFile(join(tiny, 'chat_template.jinja'), endless);
  await importModel(place.project, { folder: tiny });
  const card = await describeModel(await findCheckpoint(place.project, 'models/tiny-model'));
  expect(card.chat).toBe(true);
});

it('a second import of a folder gets a number; a name that is taken or is a path is refused', async () => {
  await importModel(place.project, { folder: tiny });
  expect((await importModel(place.project, { folder: tiny })).name).toBe('tiny-model-2');
  await expect(importModel(place.project, { folder: tiny, name: 'tiny-model' })).rejects.toThrow('already');
  await expect(importModel(place.project, { folder: tiny, name: '../tiny' })).rejects.toThrow('name');
});

it('an imported checkpoint of Loam still says what it was trained on', async () => {
  await mkdir(join(tiny, 'loam'));
  await writeFile(join(tiny, 'loam', 'provenance.json'), '{}');
  await writeFile(join(tiny, 'loam', 'state.json'), '{}');
  const { name } = await importModel(place.project, { folder: tiny });
  const kept = await readdir(join(place.project.paths.model(name), 'loam'));
  expect(kept.toSorted()).toEqual(['manifest.json', 'provenance.json']);
});

it('a folder that is no model, or whose weights are cut short, is refused and leaves nothing behind', async () => {
  await expect(importModel(place.project, { folder: place.folder })).rejects.toThrow('no config.json');
  await writeFile(join(tiny, 'model.safetensors'), 'short');
  await expect(importModel(place.project, { folder: tiny })).rejects.toThrow();
  expect(listModels(place.project)).toEqual([]);
  expect(existsSync(join(place.project.folder, 'models'))).toBe(false);
});

it('an import that is stopped leaves nothing behind', async () => {
  const signal = AbortSignal.abort();
  await expect(importModel(place.project, { folder: tiny, signal })).rejects.toThrow('stopped');
  expect(listModels(place.project)).toEqual([]);
  expect(await readdir(join(place.project.folder, 'models')).catch(() => [])).toEqual([]);
});

it('checkpoints of runs are listed with what they come from, newest first, and can be named', async () => {
  await addRun('first', [5, 10]);
  await importModel(place.project, { folder: tiny });
  expect(listModels(place.project).map(({ reference }) => reference)).toEqual([
    'models/tiny-model',
    'first@10',
    'first@5',
  ]);
  await labelModel(place.project, 'first', 'Friday');
  await labelModel(place.project, 'models/tiny-model', 'Borrowed');
  const labels = () => listModels(place.project).map(({ label }) => label);
  expect(labels()).toEqual(['Borrowed', undefined, 'Friday']);
  await labelModel(place.project, 'first@best', '');
  expect(labels()).toEqual(['Borrowed', undefined, undefined]);
  const [, last, best] = listModels(place.project);
  expect(best?.origin).toMatchObject({ run: 'first', step: 5, best: true, last: false, dataset: 'records' });
  expect(last?.origin).toMatchObject({ step: 10, best: false, last: true });
});

it('a pin is kept when the checkpoint is written anew', async () => {
  const runId = await addRun('first', [5]);
  await pinModel(place.project, 'first@5', true);
  await labelModel(place.project, 'first@5', 'Kept');
  insertCheckpoint(place.project.store, {
    runId,
    step: 5,
    folder: 'runs/first/checkpoints/step-00000005',
    bytes: 1,
    loss: null,
    best: 0,
    createdAt: new Date().toISOString(),
  });
  expect(listPinnedSteps(place.project.store, runId)).toEqual([5]);
  expect(listModels(place.project)[0]).toMatchObject({ label: 'Kept', pinned: true });
  await importModel(place.project, { folder: tiny });
  await expect(pinModel(place.project, 'models/tiny-model', true)).rejects.toThrow('no checkpoint of a run');
});

it('a checkpoint that a run goes on from, its best and a pinned one are deleted only when that is confirmed', async () => {
  await addRun('first', [5, 10, 15]);
  await pinModel(place.project, 'first@10', true);
  const reasons = async (step: number) =>
    (await considerDeletion(place.project, writing, `first@${step}`)).reasons.join(' ');
  expect(await reasons(5)).toContain('best checkpoint');
  expect(await reasons(10)).toContain('pinned');
  expect(await reasons(15)).toContain('older checkpoint');
  await expect(deleteModel(place.project, writing, 'first@15', false)).rejects.toThrow('repeat the steps');
  const { freedBytes } = await deleteModel(place.project, writing, 'first@15', true);
  expect(freedBytes).toBeGreaterThan(1000);
  expect(listModels(place.project).map(({ reference }) => reference)).toEqual(['first@10', 'first@5']);
  await expect(findCheckpoint(place.project, 'first@15')).rejects.toThrow('deleted');
});

it('a checkpoint of a run that trains is not deleted, and neither is a folder outside of the project', async () => {
  const id = await addRun('first', [5]);
  updateRun(place.project.store, id, { status: 'running' });
  const lock = acquireLock(place.project.paths.runLock('first'), 'training');
  await expect(deleteModel(place.project, writing, 'first@5', true)).rejects.toThrow('Pause the run first');
  lock?.release();
  await expect(deleteModel(place.project, writing, tiny, true)).rejects.toThrow('does not belong');
  expect(existsSync(join(tiny, 'config.json'))).toBe(true);
});

it('a model that is exported or evaluated is deleted only when that is confirmed, whichever program does it', async () => {
  await addRun('first', [5, 10]);
  const { store } = place.project;
  const add = (name: string): number =>
    insertJob(store, {
      kind: 'export',
      title: `Export ${name} as onnx`,
      subject: { noun: 'checkpoint', name },
      session: 'another',
      startedAt: new Date().toISOString(),
    });
  add('first@5');
  updateJob(store, add('first@10'), { status: 'completed' });
  const reasons = async (step: number) =>
    (await considerDeletion(place.project, writing, `first@${step}`)).reasons.join(' ');
  expect(await reasons(5)).toContain('“Export first@5 as onnx” is under way');
  expect(await reasons(10)).not.toContain('under way');
});

it('a model that writes is let go of before its folder is deleted', async () => {
  await importModel(place.project, { folder: tiny });
  const released: string[] = [];
  const busy = {
    busy: () => true,
    release: async (folder: string) => void released.push(folder),
  } as Pick<ReplyWriting, 'busy' | 'release'> as ReplyWriting;
  const folder = place.project.paths.model('tiny-model');
  expect((await considerDeletion(place.project, busy, 'models/tiny-model')).reasons[0]).toContain('writing');
  await deleteModel(place.project, busy, 'models/tiny-model', true);
  expect(released).toEqual([folder]);
  expect(existsSync(folder)).toBe(false);
  expect(listModels(place.project)).toEqual([]);
});

it('a checkpoint that is pinned while its run trains outlives those around it', async () => {
  await prepareRuns(place, ['first']);
  const { signal } = new AbortController();
  const id = findRunRow(place.project.store, 'first')?.id ?? 0;
  await trainRun(
    { project: place.project.folder, run: 'first' },
    {
      signal,
      emit: (event) => {
        if (event.type === 'checkpoint' && event.step === 5)
          updateCheckpoint(place.project.store, id, 5, { pinned: 1 });
      },
    },
  );
  const steps = listModels(place.project).map(({ origin }) => (origin.kind === 'run' ? origin.step : 0));
  expect(steps).toContain(5);
  expect(steps).not.toContain(15);
});
