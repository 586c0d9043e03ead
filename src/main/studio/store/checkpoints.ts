import type { Selectable } from 'kysely';
import type { Store } from './store.ts';
import type { CheckpointTable } from './tables.ts';

export type CheckpointRow = Readonly<Selectable<CheckpointTable>>;

/** A run's checkpoints, earliest first. */
export function listCheckpointRows(store: Store, runId: number): readonly CheckpointRow[] {
  return store.all(
    store.query.selectFrom('checkpoints').selectAll().where('runId', '=', runId).orderBy('step'),
  );
}

/** Adds a checkpoint, or writes it anew when the run came back to its step. A best one takes the title from the last. */
export function insertCheckpoint(store: Store, checkpoint: CheckpointRow): void {
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

export function deleteCheckpointRow(store: Store, runId: number, step: number): void {
  store.run(store.query.deleteFrom('checkpoints').where('runId', '=', runId).where('step', '=', step));
}
