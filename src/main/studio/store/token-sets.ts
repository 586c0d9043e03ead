import { z } from 'zod';
import { usualObjective } from '../../../shared/objectives/usual-objective.ts';
import type { Store } from './store.ts';

/** An encoded form of a dataset; others of the same texts use it too. */
export interface TokenSetRow {
  readonly hash: string;
  readonly datasetId: number;
  readonly tokenizerHash: string;
  readonly settingsJson: string;
  readonly trainTokens: number;
  readonly validationTokens: number;
  readonly createdAt: string;
}

const settingsSchema = z.object({
  objective: z.string().default(usualObjective),
  labels: z.array(z.string()).optional(),
});

/** What learns from an encoded form, and the labels that count in it. Those of earlier versions were all of one kind. */
export function learningOfTokens(settingsJson: string): z.output<typeof settingsSchema> {
  return settingsSchema.parse(JSON.parse(settingsJson));
}

/** Adds an encoded form, or says that another dataset uses it as well. */
export function insertTokenSet(store: Store, tokenSet: TokenSetRow): void {
  const { hash, datasetId } = tokenSet;
  store.transaction(() => {
    store.run(
      store.query
        .insertInto('tokenSets')
        .values(tokenSet)
        .onConflict((conflict) => conflict.doNothing()),
    );
    store.run(
      store.query
        .insertInto('tokenSetUses')
        .values({ hash, datasetId })
        .onConflict((conflict) => conflict.doNothing()),
    );
  });
}

export function findTokenSet(store: Store, hash: string): TokenSetRow | undefined {
  return store.first(store.query.selectFrom('tokenSets').selectAll().where('hash', '=', hash));
}

/** The encoded forms of one dataset, the newest first. */
export function listTokenSetsOfDataset(store: Store, datasetId: number): readonly TokenSetRow[] {
  return store.all(
    store.query
      .selectFrom('tokenSets')
      .selectAll()
      .where('hash', 'in', (uses) =>
        uses.selectFrom('tokenSetUses').select('hash').where('datasetId', '=', datasetId),
      )
      .orderBy('createdAt', 'desc'),
  );
}

/** The encoded forms that only these datasets use. */
export function listOwnTokenSets(store: Store, datasetIds: readonly number[]): readonly string[] {
  return store
    .all(
      store.query
        .selectFrom('tokenSetUses')
        .select('hash')
        .distinct()
        .where('datasetId', 'in', datasetIds)
        .where('hash', 'not in', (others) =>
          others.selectFrom('tokenSetUses').select('hash').where('datasetId', 'not in', datasetIds),
        ),
    )
    .map(({ hash }) => hash);
}

/**
 * Lets go of the encoded forms of datasets; those that others use become theirs.
 * @returns the hashes of those that nobody uses any more, which are no longer in the store.
 */
export function releaseTokenSets(store: Store, datasetIds: readonly number[]): readonly string[] {
  return store.transaction(() => {
    const own = listOwnTokenSets(store, datasetIds);
    store.run(store.query.deleteFrom('tokenSetUses').where('datasetId', 'in', datasetIds));
    store.run(store.query.deleteFrom('tokenSets').where('hash', 'in', own));
    store.run(
      store.query
        .updateTable('tokenSets')
        .set((row) => ({
          datasetId: row
            .selectFrom('tokenSetUses')
            .select(({ fn }) => fn.min<number>('tokenSetUses.datasetId').as('heir'))
            .whereRef('tokenSetUses.hash', '=', 'tokenSets.hash')
            .$asScalar()
            .$notNull(),
        }))
        .where('datasetId', 'in', datasetIds),
    );
    return own;
  });
}
