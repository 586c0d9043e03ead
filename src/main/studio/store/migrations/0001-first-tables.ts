import type { Migration } from './migration.ts';

export const firstTables: Migration = {
  version: 1,
  summary:
    'projects, datasets, tokenizers, runs with their metrics, samples, checkpoints and events, evaluations, queue',
  up: (database) => {
    database.exec(`
      CREATE TABLE project (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        name TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        loamVersion TEXT NOT NULL
      ) STRICT;

      CREATE TABLE sources (
        hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
        bytes INTEGER NOT NULL,
        encoding TEXT NOT NULL,
        importedAt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE datasets (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        hash TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        replacedAt TEXT
      ) STRICT;
      CREATE UNIQUE INDEX datasetsByName ON datasets (name) WHERE replacedAt IS NULL;

      CREATE TABLE datasetSources (
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        sourceHash TEXT NOT NULL REFERENCES sources (hash),
        name TEXT NOT NULL,
        PRIMARY KEY (datasetId, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX datasetSourcesBySource ON datasetSources (sourceHash);

      CREATE TABLE tokenizers (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('bpe', 'char', 'other')),
        vocabularySize INTEGER NOT NULL,
        hash TEXT NOT NULL,
        datasetId INTEGER REFERENCES datasets (id),
        settingsJson TEXT NOT NULL,
        createdAt TEXT NOT NULL
      ) STRICT;
      CREATE INDEX tokenizersByDataset ON tokenizers (datasetId);

      CREATE TABLE tokenSets (
        hash TEXT PRIMARY KEY,
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        tokenizerHash TEXT NOT NULL,
        settingsJson TEXT NOT NULL,
        trainTokens INTEGER NOT NULL,
        validationTokens INTEGER NOT NULL,
        createdAt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tokenSetsByDataset ON tokenSets (datasetId);

      CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'interrupted', 'completed', 'stopped', 'failed')),
        "end" TEXT,
        datasetId INTEGER NOT NULL REFERENCES datasets (id),
        tokenizerName TEXT NOT NULL,
        tokenizerHash TEXT NOT NULL,
        tokensHash TEXT NOT NULL,
        parameters INTEGER NOT NULL,
        configurationJson TEXT NOT NULL,
        provenanceJson TEXT NOT NULL,
        calibrationJson TEXT,
        step INTEGER NOT NULL DEFAULT 0,
        steps INTEGER,
        loss REAL,
        validationLoss REAL,
        bestLoss REAL,
        bestStep INTEGER,
        elapsedSeconds REAL NOT NULL DEFAULT 0,
        lastSequence INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        createdAt TEXT NOT NULL,
        startedAt TEXT,
        endedAt TEXT
      ) STRICT;
      CREATE INDEX runsByDataset ON runs (datasetId);

      CREATE TABLE metrics (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        step INTEGER NOT NULL,
        loss REAL,
        learningRate REAL NOT NULL,
        gradientNorm REAL,
        tokens INTEGER NOT NULL,
        tokensPerSecond REAL NOT NULL,
        memoryBytes INTEGER NOT NULL,
        elapsedSeconds REAL NOT NULL,
        remainingSeconds REAL NOT NULL,
        PRIMARY KEY (runId, sequence)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX metricsByStep ON metrics (runId, step);

      CREATE TABLE evaluations (
        id INTEGER PRIMARY KEY,
        runId INTEGER REFERENCES runs (id) ON DELETE CASCADE,
        sequence INTEGER,
        step INTEGER,
        folder TEXT,
        datasetId INTEGER REFERENCES datasets (id),
        split TEXT NOT NULL CHECK (split IN ('validation', 'train', 'all')),
        loss REAL,
        perplexity REAL,
        bitsPerByte REAL,
        tokens INTEGER NOT NULL,
        bytes INTEGER,
        complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
        createdAt TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX evaluationsBySequence ON evaluations (runId, sequence) WHERE sequence IS NOT NULL;
      CREATE INDEX evaluationsByDataset ON evaluations (datasetId);

      CREATE TABLE samples (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        step INTEGER NOT NULL,
        prompt TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (runId, sequence)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE checkpoints (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        folder TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        loss REAL,
        best INTEGER NOT NULL CHECK (best IN (0, 1)),
        createdAt TEXT NOT NULL,
        PRIMARY KEY (runId, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE events (
        runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        at TEXT NOT NULL,
        type TEXT NOT NULL,
        dataJson TEXT NOT NULL,
        PRIMARY KEY (runId, sequence)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE queue (
        runId INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL UNIQUE,
        requestedAt TEXT NOT NULL
      ) STRICT;
    `);
  },
};
