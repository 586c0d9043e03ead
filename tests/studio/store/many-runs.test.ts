import { afterEach, beforeEach, expect, test } from 'vitest';
import { listModels } from '../../../src/main/studio/checkpoints/models.ts';
import { describeRun } from '../../../src/main/studio/runs/describe-run.ts';
import { insertCheckpoint } from '../../../src/main/studio/store/checkpoints.ts';
import { findRunRow, insertRun, listRunRows, updateRun } from '../../../src/main/studio/store/runs.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['first']);
});
afterEach(() => place.remove());

/** Adds runs that began with a checkpoint of the first, with some checkpoints each. */
function addBranches(count: number): void {
  const { store } = place.project;
  const first = findRunRow(store, 'first');
  if (first === undefined) throw new Error('The run is there.');
  store.transaction(() => {
    for (let number = 1; number <= count; number++) {
      const { datasetId, tokenizerName, tokenizerHash, tokensHash, parameters, configuration, createdAt } =
        first;
      const id = insertRun(store, {
        name: `branch-${number}`,
        datasetId,
        tokenizerName,
        tokenizerHash,
        tokensHash,
        parameters,
        configuration,
        provenance: { ...first.provenance, parent: { run: 'first', step: number, takes: 'weights' } },
        createdAt,
      });
      updateRun(store, id, { status: 'completed' });
      for (const step of [100, 200, 300])
        insertCheckpoint(store, {
          runId: id,
          step,
          folder: `runs/branch-${number}/checkpoints/step-00000${step}`,
          bytes: 1000,
          loss: 3 - step / 100,
          best: step === 200 ? 1 : 0,
          createdAt,
        });
    }
  });
}

test('Branches are found by the run that they began with, the newest first', async () => {
  addBranches(3);
  const { branches } = await describeRun(place.project, 'first');
  expect(branches).toEqual([3, 2, 1].map((step) => ({ run: `branch-${step}`, step })));
  expect((await describeRun(place.project, 'branch-1')).branches).toEqual([]);
});

test('Models of many runs say which checkpoint is the best and which the last, and of which size', () => {
  addBranches(2);
  const models = listModels(place.project);
  expect(models).toHaveLength(6);
  const described = models.map(({ reference, origin, modelType, contextLength, loss }) => ({
    reference,
    best: origin.kind === 'run' && origin.best,
    last: origin.kind === 'run' && origin.last,
    modelType,
    contextLength,
    loss,
  }));
  const model = { modelType: 'gpt2', contextLength: 16 };
  expect(described.filter(({ reference }) => reference.startsWith('branch-1@'))).toEqual([
    { reference: 'branch-1@300', best: false, last: true, loss: 0, ...model },
    { reference: 'branch-1@200', best: true, last: false, loss: 1, ...model },
    { reference: 'branch-1@100', best: false, last: false, loss: 2, ...model },
  ]);
});

test('A run that was changed by another is read as it is now', () => {
  const { store } = place.project;
  const before = listRunRows(store)[0];
  expect(listRunRows(store)[0]?.configuration).toBe(before?.configuration);
  const changed = JSON.stringify({ ...before?.provenance, seed: 77 });
  store.run(store.query.updateTable('runs').set({ provenanceJson: changed }));
  expect(listRunRows(store)[0]?.provenance.seed).toBe(77);
});

test('What pages ask for at each step costs little in a project of many runs', async () => {
  addBranches(200);
  const { project } = place;
  const ask = async (): Promise<void> => {
    listRunRows(project.store);
    listModels(project);
    await describeRun(project, 'first');
  };
  await ask();
  const begun = performance.now();
  for (let round = 0; round < 10; round++) await ask();
  // About 6 ms a round on a laptop's two cores; fifty before configurations were kept parsed.
  expect((performance.now() - begun) / 10).toBeLessThan(150);
});
