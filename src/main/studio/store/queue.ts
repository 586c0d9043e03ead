import type { Store } from './store.ts';

/** A run that waits for its turn. */
export interface QueueRow {
  readonly runId: number;
  readonly name: string;
  readonly requestedAt: string;
}

/** The queue, the next run first. */
export function listQueue(store: Store): readonly QueueRow[] {
  return store.all(
    store.query
      .selectFrom('queue')
      .innerJoin('runs', 'runs.id', 'queue.runId')
      .select(['queue.runId', 'runs.name', 'queue.requestedAt'])
      .orderBy('queue.position'),
  );
}

/** Puts a run at the queue's end; one that waits already keeps its place. */
export function enqueue(store: Store, runId: number, requestedAt: string): void {
  store.transaction(() => {
    const last = store.first(
      store.query.selectFrom('queue').select(({ fn }) => fn.max<number | null>('position').as('position')),
    );
    store.run(
      store.query
        .insertInto('queue')
        .values({ runId, position: (last?.position ?? 0) + 1, requestedAt })
        .onConflict((conflict) => conflict.doNothing()),
    );
  });
}

export function dequeue(store: Store, runId: number): void {
  store.run(store.query.deleteFrom('queue').where('runId', '=', runId));
}

/** Moves a waiting run before another one, or to the front. */
export function moveInQueue(store: Store, runId: number, before: number | 'first'): void {
  store.transaction(() => {
    const others = listQueue(store).filter((entry) => entry.runId !== runId);
    const found = before === 'first' ? 0 : others.findIndex((entry) => entry.runId === before);
    const place = found === -1 ? others.length : found;
    const order = [
      ...others.slice(0, place).map((entry) => entry.runId),
      runId,
      ...others.slice(place).map((entry) => entry.runId),
    ];
    // Positions are unique: step aside into negative numbers first.
    for (const [index, id] of order.entries())
      store.run(
        store.query
          .updateTable('queue')
          .set({ position: -1 - index })
          .where('runId', '=', id),
      );
    for (const [index, id] of order.entries())
      store.run(
        store.query
          .updateTable('queue')
          .set({ position: 1 + index })
          .where('runId', '=', id),
      );
  });
}
