import type { Migration } from './migration.ts';

export const digests: Migration = {
  version: 11,
  summary: 'digests of rows, and a count of changes by which an older state of the store is recognized',
  up: (database) => {
    // What stands in them is made when the store is opened (`store/digests.ts`), also after later migrations.
    database.exec(`
      CREATE TABLE digests (
        tableName TEXT NOT NULL,
        block TEXT NOT NULL,
        rows INTEGER NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (tableName, block)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE digestedTables (
        name TEXT PRIMARY KEY,
        columnsJson TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE storeState (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        changes INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE storeLosses (
        id INTEGER PRIMARY KEY,
        foundAt TEXT NOT NULL,
        changes INTEGER NOT NULL
      ) STRICT;

      INSERT INTO storeState (id, changes) VALUES (1, 0);
    `);
  },
};
