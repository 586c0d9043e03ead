import { sql, type Selectable } from 'kysely';
import type { RunStatus } from '../../../shared/runs/run.ts';
import type { Store } from './store.ts';
import type { CheckpointTable } from './tables.ts';

export type CheckpointRow = Readonly<Selectable<CheckpointTable>>;

/** What is written of a checkpoint when it is made: its name and pin come later, from a person. */
export type NewCheckpoint = Omit<CheckpointRow, 'label' | 'pinned'>;

/** A run's checkpoints, earliest first. */
export function listCheckpointRows(store: Store, runId: number): readonly CheckpointRow[] {
  return store.all(
    store.query.selectFrom('checkpoints').selectAll().where('runId', '=', runId).orderBy('step'),
  );
}

/** A checkpoint with what its run says of the model. */
export interface CheckpointOfRun extends CheckpointRow {
  readonly run: string;
  readonly status: RunStatus;
  readonly datasetName: string;
  readonly tokenizerName: string;
  readonly parameters: number;
  /** The settings of its model, as JSON. */
  readonly modelJson: string;
  /** The last step of its run that has a checkpoint. */
  readonly lastStep: number;
}

/** The checkpoints of all runs. Of the configurations no more is read than the model. */
export function listCheckpointsOfRuns(store: Store): readonly CheckpointOfRun[] {
  return store.all(
    store.query
      .selectFrom('checkpoints')
      .innerJoin('runs', 'runs.id', 'checkpoints.runId')
      .innerJoin('datasets', 'datasets.id', 'runs.datasetId')
      .selectAll('checkpoints')
      .select([
        'runs.name as run',
        'runs.status',
        'runs.tokenizerName',
        'runs.parameters',
        'datasets.name as datasetName',
        sql<string>`json_extract(runs.configurationJson, '$.model')`.as('modelJson'),
        sql<number>`max(checkpoints.step) OVER (PARTITION BY checkpoints.runId)`.as('lastStep'),
      ]),
  );
}

/** Adds a checkpoint, or writes it anew when the run came back to its step. A best one takes the title from the last. */
export function insertCheckpoint(store: Store, checkpoint: NewCheckpoint): void {
  store.transaction(() => {
    if (checkpoint.best === 1)
      store.run(
        store.query.updateTable('checkpoints').set({ best: 0 }).where('runId', '=', checkpoint.runId),
      );
    const { folder, bytes, loss, best, createdAt } = checkpoint;
    store.run(
      store.query
        .insertInto('checkpoints')
        .values(checkpoint)
        .onConflict((conflict) =>
          conflict.columns(['runId', 'step']).doUpdateSet({ folder, bytes, loss, best, createdAt }),
        ),
    );
  });
}

/** Names a checkpoint, or keeps it. */
export function updateCheckpoint(
  store: Store,
  runId: number,
  step: number,
  changes: Partial<Pick<CheckpointRow, 'label' | 'pinned'>>,
): void {
  store.run(
    store.query.updateTable('checkpoints').set(changes).where('runId', '=', runId).where('step', '=', step),
  );
}

/** The steps of a run whose checkpoints are kept whatever the retention rule says. */
export function listPinnedSteps(store: Store, runId: number): readonly number[] {
  return store
    .all(
      store.query.selectFrom('checkpoints').select('step').where('runId', '=', runId).where('pinned', '=', 1),
    )
    .map(({ step }) => step);
}

export function deleteCheckpointRow(store: Store, runId: number, step: number): void {
  store.run(store.query.deleteFrom('checkpoints').where('runId', '=', runId).where('step', '=', step));
}
