import { countChanges } from './0002-jobs-and-changes.ts';
import type { Migration } from './migration.ts';

export const runCharts: Migration = {
  version: 5,
  summary: 'summaries of metrics for charts; tags, notes and requests of runs',
  up: (database) => {
    database.exec(`
      ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '';
      ALTER TABLE runs ADD COLUMN request TEXT CHECK (request IN ('pause', 'stop'));
      ALTER TABLE runs ADD COLUMN summarizedStep INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE runTags (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (runId, tag)
      ) STRICT, WITHOUT ROWID;
      ${countChanges('runs', 'runTags')}

      CREATE TABLE metricSummaries (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        size INTEGER NOT NULL,
        bucket INTEGER NOT NULL,
        step INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        elapsedSeconds REAL NOT NULL,
        steps INTEGER NOT NULL,
        lossMin REAL, lossMax REAL, lossSum REAL NOT NULL, lossCount INTEGER NOT NULL, lossLast REAL,
        learningRateMin REAL, learningRateMax REAL, learningRateSum REAL NOT NULL, learningRateCount INTEGER NOT NULL, learningRateLast REAL,
        gradientNormMin REAL, gradientNormMax REAL, gradientNormSum REAL NOT NULL, gradientNormCount INTEGER NOT NULL, gradientNormLast REAL,
        tokensPerSecondMin REAL, tokensPerSecondMax REAL, tokensPerSecondSum REAL NOT NULL, tokensPerSecondCount INTEGER NOT NULL, tokensPerSecondLast REAL,
        memoryBytesMin REAL, memoryBytesMax REAL, memoryBytesSum REAL NOT NULL, memoryBytesCount INTEGER NOT NULL, memoryBytesLast REAL,
        PRIMARY KEY (runId, size, bucket)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
