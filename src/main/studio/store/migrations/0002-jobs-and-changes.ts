import type { Migration } from './migration.ts';

/** The tables behind each noun that a page follows. */
const tablesOfNouns = {
  datasets: ['datasets', 'datasetSources'],
  tokenizers: ['tokenizers'],
  runs: ['runs', 'queue'],
  checkpoints: ['checkpoints'],
  evaluations: ['evaluations'],
  jobs: ['jobs'],
} as const;

/** SQL that counts every change of a table under its noun. */
export function countChanges(noun: string, table: string): string {
  return ['INSERT', 'UPDATE', 'DELETE']
    .map(
      (change) => `
      CREATE TRIGGER ${table}CountsOn${change} AFTER ${change} ON ${table}
      BEGIN UPDATE changes SET count = count + 1 WHERE noun = '${noun}'; END;`,
    )
    .join('');
}

export const jobsAndChanges: Migration = {
  version: 2,
  summary: 'jobs; a count of changes for each noun, by which pages learn that something is new',
  up: (database) => {
    database.exec(`
      CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        subjectNoun TEXT,
        subjectName TEXT,
        status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'cancelled', 'interrupted')),
        progressJson TEXT,
        errorJson TEXT,
        noticesJson TEXT NOT NULL,
        session TEXT NOT NULL,
        cancelRequestedAt TEXT,
        startedAt TEXT NOT NULL,
        endedAt TEXT
      ) STRICT;

      CREATE TABLE changes (noun TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO changes (noun, count)
        VALUES ${[...Object.keys(tablesOfNouns), 'chats'].map((noun) => `('${noun}', 0)`).join(', ')};
      ${Object.entries(tablesOfNouns)
        .flatMap(([noun, tables]) => tables.map((table) => countChanges(noun, table)))
        .join('')}
    `);
  },
};
