import type { Store } from './store.ts';

/** Whether a run says that it trains; cheap enough to ask every second. */
export function isAnyRunTraining(store: Store): boolean {
  return (
    store.first(store.query.selectFrom('runs').select('id').where('status', '=', 'running').limit(1)) !==
    undefined
  );
}
