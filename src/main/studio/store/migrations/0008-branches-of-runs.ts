import type { Migration } from './migration.ts';

export const branchesOfRuns: Migration = {
  version: 8,
  summary:
    'an index of the runs that other runs began with: the branches of a run are found without reading all',
  up: (database) => {
    database.exec(`CREATE INDEX runsByParent ON runs (json_extract(provenanceJson, '$.parent.run'))`);
  },
};
