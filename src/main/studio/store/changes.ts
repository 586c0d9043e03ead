import type { ChangingNoun } from '../../../shared/changes/contract.ts';
import type { Store } from './store.ts';

/** How often each noun has changed since the store was made, counted by triggers in whichever process wrote. */
export function readChangeCounts(store: Store): ReadonlyMap<ChangingNoun, number> {
  return new Map(
    store
      .all(store.query.selectFrom('changes').select(['noun', 'count']))
      .map(({ noun, count }) => [noun, count]),
  );
}

/** The last sequence number of every run's record. */
export function readRunSequences(store: Store): ReadonlyMap<string, number> {
  return new Map(
    store
      .all(store.query.selectFrom('runs').select(['name', 'lastSequence']))
      .map(({ name, lastSequence }) => [name, lastSequence]),
  );
}
