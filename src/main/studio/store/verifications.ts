import { verificationRecordSchema, type VerificationRecord } from '../../../shared/integrity/verification.ts';
import type { Store } from './store.ts';

/** The last look at the project; undefined where there was none, or what was kept of it cannot be read. */
export function findVerification(store: Store): VerificationRecord | undefined {
  const row = store.first(store.query.selectFrom('lastVerification').select('recordJson'));
  if (row === undefined) return undefined;
  try {
    return verificationRecordSchema.parse(JSON.parse(row.recordJson));
  } catch {
    return undefined;
  }
}

/** Takes the place of what was kept of the look before. */
export function keepVerification(store: Store, record: VerificationRecord): void {
  const recordJson = JSON.stringify(record);
  store.run(
    store.query
      .insertInto('lastVerification')
      .values({ id: 1, recordJson })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ recordJson })),
  );
}

/** Losses of the store that were found and not yet accepted, the newest first. */
export function listStoreLosses(
  store: Store,
): readonly { readonly foundAt: string; readonly changes: number }[] {
  return store.all(
    store.query.selectFrom('storeLosses').select(['foundAt', 'changes']).orderBy('id', 'desc'),
  );
}
