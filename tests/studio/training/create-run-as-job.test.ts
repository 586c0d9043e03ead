import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoamError } from '../../../src/shared/errors.ts';
import type { RunConfigurationInput } from '../../../src/shared/runs/configuration.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { createJobBoard, type JobBoard } from '../../../src/main/studio/jobs/job-board.ts';
import { forkLauncher, type WorkerKind } from '../../../src/main/studio/processes/launcher.ts';
import { createRunAsJob } from '../../../src/main/studio/training/create-run-as-job.ts';
import { estimateRun } from '../../../src/main/studio/training/estimate-run.ts';
import { measurePlannedRun } from '../../../src/main/studio/training/measure-run.ts';
import { currentRun, requireRun } from '../../../src/main/studio/runs/runs.ts';
import { listRunNames } from '../../../src/main/studio/store/runs.ts';
import { listTokenizers } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let jobs: JobBoard;
let started: WorkerKind[];
beforeEach(async () => {
  place = await openProjectPlace();
  jobs = createJobBoard(place.project, 'the-test');
  started = [];
  await importDataset(place.project, {
    name: 'records',
    paths: [await place.write('records.txt', sampleText(200))],
  });
});
afterEach(async () => {
  await jobs.close();
  await place.remove();
});

const context = () => ({
  project: place.project,
  jobs,
  studio: {
    launcher: (kind: WorkerKind) => {
      started.push(kind);
      return forkLauncher(kind);
    },
  },
});

const tiny: RunConfigurationInput = {
  model: { contextLength: 16, hiddenSize: 32, layers: 1, heads: 2 },
  tokenizer: { kind: 'char' },
  training: { steps: 12, batchSize: 4, evaluationInterval: 6, sample: { maximumTokens: 0 } },
  engine: { threads: 1 },
};

const refusal = async (promise: Promise<unknown>): Promise<LoamError> =>
  promise.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => error as LoamError,
  );

describe('creating a run', () => {
  it('learns the tokenizer, encodes the text, queues the run, and trains it as a job of its own', async () => {
    const { run, id, done } = await createRunAsJob(context(), {
      dataset: 'records',
      configuration: tiny,
      baseName: 'tiny',
      start: true,
    });
    expect(run).toBe('tiny-1');
    expect(jobs.show(id)).toMatchObject({
      kind: 'preparation',
      title: 'Prepare tiny-1',
      subject: { noun: 'run', name: 'tiny-1' },
    });
    await done;
    const training = jobs.list().find(({ kind }) => kind === 'training');
    expect(training?.subject).toEqual({ noun: 'run', name: 'tiny-1' });
    await expect.poll(() => jobs.show(training!.id).status, { timeout: 20_000 }).not.toBe('running');
    expect(jobs.show(training!.id).error).toBeUndefined();
    expect(await currentRun(place.project, 'tiny-1')).toMatchObject({ status: 'completed', step: 12 });
    expect(listTokenizers(place.project).map(({ name }) => name)).toEqual(['records-char']);
    expect(started).toEqual(['preparation', 'training']);
  }, 30_000);

  it('makes one run of a start that is asked for again while it is prepared, waits or trains', async () => {
    const plan = { dataset: 'records', configuration: tiny, baseName: 'twice', start: true };
    const starts = await Promise.all([createRunAsJob(context(), plan), createRunAsJob(context(), plan)]);
    expect(starts.map(({ run, id }) => ({ run, id }))).toEqual([
      { run: 'twice-1', id: starts[0].id },
      { run: 'twice-1', id: starts[0].id },
    ]);
    const named = { ...plan, name: 'another' };
    const other = await createRunAsJob(context(), named);
    expect((await createRunAsJob(context(), named)).id).toBe(other.id);
    await Promise.all(starts.map(({ done }) => done));
    expect((await createRunAsJob(context(), plan)).run).toBe('twice-1');
    await other.done;
    await jobs.close();
    expect(listRunNames(place.project.store).toSorted()).toEqual(['another', 'twice-1']);
    expect(jobs.list().filter(({ kind }) => kind === 'training')).toHaveLength(2);
    // Once it is paused, the same start means another run.
    const { run, id, done } = await createRunAsJob(context(), plan);
    expect(run).toBe('twice-2');
    jobs.cancel(id);
    await done.catch(() => undefined);
  }, 30_000);

  it('only prepares it when it is not to start, and gives the next one the next number', async () => {
    const plan = { dataset: 'records', configuration: tiny, baseName: 'tiny', start: false };
    const [first, second] = [await createRunAsJob(context(), plan), await createRunAsJob(context(), plan)];
    expect([first.run, second.run]).toEqual(['tiny-1', 'tiny-2']);
    await Promise.all([first.done, second.done]);
    expect(requireRun(place.project, 'tiny-2')).toMatchObject({ status: 'queued', step: 0 });
    expect(jobs.list().map(({ kind }) => kind)).toEqual(['preparation', 'preparation']);
  }, 30_000);

  it('is refused at the second click with a name that the first is preparing', async () => {
    const plan = { dataset: 'records', configuration: tiny, name: 'mine', start: false };
    const first = await createRunAsJob(context(), plan);
    expect((await refusal(createRunAsJob(context(), plan))).what).toBe(
      'A run of this name is being prepared.',
    );
    await first.done;
    expect((await refusal(createRunAsJob(context(), plan))).what).toBe(
      'There is a run of this name already.',
    );
  }, 30_000);

  it('leaves no run when it is cancelled', async () => {
    const { id, done } = await createRunAsJob(context(), {
      dataset: 'records',
      configuration: tiny,
      start: true,
    });
    jobs.cancel(id);
    await done.catch(() => undefined);
    await expect.poll(() => jobs.show(id).status).toBe('cancelled');
    expect(listRunNames(place.project.store)).toEqual([]);
    expect(jobs.list().map(({ kind }) => kind)).toEqual(['preparation']);
  }, 30_000);

  it.each([
    ['model.heads', { ...tiny, model: { ...tiny.model, heads: 5 } }],
    ['training.steps', { ...tiny, training: { steps: 12 } }],
    ['tokenizer.vocabularySize', { ...tiny, tokenizer: { vocabularySize: 50257 } }],
    ['model.contextLength', { ...tiny, model: { ...tiny.model, contextLength: 1_000_000 } }],
    ['engine.threads', { ...tiny, engine: { threads: 5000 } }],
    ['model.widht', { ...tiny, model: { ...tiny.model, widht: 3 } }],
  ])('is refused before anything is done when %s does not fit', async (path, configuration) => {
    const error = await refusal(
      createRunAsJob(context(), { dataset: 'records', configuration, start: true }),
    );
    expect(error.where).toBe(path);
    expect(error.remedy).not.toBe('');
    expect(jobs.list()).toEqual([]);
    expect(started).toEqual([]);
  });

  it('is refused when the dataset is not there or the name could be no folder', async () => {
    const plan = { dataset: 'records', configuration: tiny, start: true };
    expect((await refusal(createRunAsJob(context(), { ...plan, dataset: 'record' }))).remedy).toContain(
      'records',
    );
    expect((await refusal(createRunAsJob(context(), { ...plan, name: '../up' }))).where).toBe("run '../up'");
    expect((await refusal(createRunAsJob(context(), { ...plan, tokenizer: 'gone' }))).kind).toBe('misuse');
  });
});

describe('measuring a planned run', () => {
  it('tries it in a worker, writes into no run, and makes the estimate a measured one', async () => {
    const plan = { dataset: 'records', configuration: tiny };
    const { id, done } = await measurePlannedRun(context(), plan);
    const measurement = await done;
    expect(measurement.secondsPerStep).toBeGreaterThan(0);
    expect(measurement.secondsPerStep).toBeLessThan(5);
    expect(measurement.memoryBytes).toBeGreaterThan(5e7);
    expect(jobs.show(id).kind).toBe('measurement');
    expect(started).toEqual(['preparation']);
    expect(listRunNames(place.project.store)).toEqual([]);
    const { estimate } = await estimateRun(place.project, plan);
    expect(estimate?.training).toMatchObject({
      basis: 'measured',
      secondsPerStep: measurement.secondsPerStep,
    });
    expect(estimate?.memory).toMatchObject({ basis: 'measured', total: measurement.memoryBytes });
  }, 30_000);

  it('is refused for a configuration that could not be trained', async () => {
    const plan = { dataset: 'records', configuration: { ...tiny, model: { hiddenSize: 30, heads: 4 } } };
    expect((await refusal(measurePlannedRun(context(), plan))).where).toBe('model.heads');
    expect(started).toEqual([]);
  });
});
