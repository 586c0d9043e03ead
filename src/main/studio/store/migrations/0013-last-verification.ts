import { countChanges } from './0002-jobs-and-changes.ts';
import type { Migration } from './migration.ts';

export const lastVerification: Migration = {
  version: 13,
  summary: 'the outcome of the last look at everything that the project keeps',
  up: (database) => {
    database.exec(`
      CREATE TABLE lastVerification (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        recordJson TEXT NOT NULL
      ) STRICT;

      INSERT INTO changes (noun, count) VALUES ('integrity', 0);
      ${countChanges('integrity', 'lastVerification')}
      ${countChanges('integrity', 'storeLosses')}
    `);
  },
};
