import type { Migration } from './migration.ts';

export const usesOfTokenSets: Migration = {
  version: 9,
  summary: 'every dataset that an encoded form is of: two of the same texts share one',
  up: (database) => {
    database.exec(`
      CREATE TABLE tokenSetUses (
        hash TEXT NOT NULL REFERENCES tokenSets (hash) ON DELETE CASCADE,
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        PRIMARY KEY (hash, datasetId)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tokenSetUsesByDataset ON tokenSetUses (datasetId);

      INSERT INTO tokenSetUses (hash, datasetId) SELECT hash, datasetId FROM tokenSets;
      INSERT OR IGNORE INTO tokenSetUses (hash, datasetId)
        SELECT runs.tokensHash, runs.datasetId FROM runs
        JOIN tokenSets ON tokenSets.hash = runs.tokensHash
        JOIN datasets ON datasets.id = runs.datasetId
        WHERE datasets.textsDeletedAt IS NULL;
    `);
  },
};
