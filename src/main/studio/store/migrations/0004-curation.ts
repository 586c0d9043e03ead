import { countChanges } from './0002-jobs-and-changes.ts';
import type { Migration } from './migration.ts';

export const curation: Migration = {
  version: 4,
  summary:
    'recipes of datasets with their history; how sources are read and where they lie; counts of documents and tokens',
  up: (database) => {
    database.exec(`
      ALTER TABLE datasetSources ADD COLUMN readingJson TEXT;
      ALTER TABLE datasetSources ADD COLUMN keptAt TEXT;

      ALTER TABLE datasets ADD COLUMN recipePosition INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE datasets ADD COLUMN documents INTEGER;
      ALTER TABLE datasets ADD COLUMN characters INTEGER;
      ALTER TABLE datasets ADD COLUMN words INTEGER;

      CREATE TABLE datasetRecipes (
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        recipeJson TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        PRIMARY KEY (datasetId, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tokenCounts (
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        datasetHash TEXT NOT NULL,
        tokenizerHash TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        words INTEGER NOT NULL,
        documents INTEGER NOT NULL,
        PRIMARY KEY (datasetId, datasetHash, tokenizerHash)
      ) STRICT, WITHOUT ROWID;
      ${countChanges('datasets', 'tokenCounts')}
    `);
  },
};
