import { countChanges } from './0002-jobs-and-changes.ts';
import type { Migration } from './migration.ts';

export const chatsAndModels: Migration = {
  version: 3,
  summary:
    'conversations with models; imported models; names and pins of checkpoints; exports; what evaluations were made on',
  up: (database) => {
    database.exec(`
      CREATE TABLE chats (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('write', 'chat')),
        checkpointsJson TEXT NOT NULL,
        settingsJson TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        changedAt TEXT NOT NULL
      ) STRICT;

      CREATE TABLE chatTurns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chatId INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
        parentId INTEGER REFERENCES chatTurns (id) ON DELETE CASCADE,
        prompt TEXT NOT NULL,
        selected INTEGER NOT NULL CHECK (selected IN (0, 1)),
        createdAt TEXT NOT NULL
      ) STRICT;
      CREATE INDEX chatTurnsByChat ON chatTurns (chatId);
      CREATE INDEX chatTurnsByParent ON chatTurns (parentId);

      CREATE TABLE chatReplies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        turnId INTEGER NOT NULL REFERENCES chatTurns (id) ON DELETE CASCADE,
        side INTEGER NOT NULL CHECK (side IN (0, 1)),
        selected INTEGER NOT NULL CHECK (selected IN (0, 1)),
        checkpoint TEXT NOT NULL,
        settingsJson TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('writing', 'done', 'interrupted', 'failed')),
        session TEXT NOT NULL,
        text TEXT NOT NULL,
        tokensJson TEXT,
        reason TEXT CHECK (reason IN ('length', 'endOfText', 'stop', 'cancelled')),
        promptTokens INTEGER,
        writtenTokens INTEGER,
        tokensPerSecond REAL,
        errorJson TEXT,
        createdAt TEXT NOT NULL
      ) STRICT;
      CREATE INDEX chatRepliesByTurn ON chatReplies (turnId);
      CREATE INDEX chatRepliesWriting ON chatReplies (session) WHERE status = 'writing';

      ${countChanges('chats', 'chats')}
      ${countChanges('chats', 'chatTurns')}
      -- A reply that grows is followed, not fetched: its text alone is no news.
      CREATE TRIGGER chatRepliesCountOnINSERT AFTER INSERT ON chatReplies
      BEGIN UPDATE changes SET count = count + 1 WHERE noun = 'chats'; END;
      CREATE TRIGGER chatRepliesCountOnUPDATE AFTER UPDATE OF status, selected ON chatReplies
      BEGIN UPDATE changes SET count = count + 1 WHERE noun = 'chats'; END;
      CREATE TRIGGER chatRepliesCountOnDELETE AFTER DELETE ON chatReplies
      BEGIN UPDATE changes SET count = count + 1 WHERE noun = 'chats'; END;

      CREATE TABLE importedModels (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        label TEXT,
        origin TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        style TEXT NOT NULL,
        parameters INTEGER NOT NULL,
        contextLength INTEGER NOT NULL,
        vocabularySize INTEGER NOT NULL,
        createdAt TEXT NOT NULL
      ) STRICT;
      ${countChanges('checkpoints', 'importedModels')}

      ALTER TABLE checkpoints ADD COLUMN label TEXT;
      ALTER TABLE checkpoints ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));

      ALTER TABLE evaluations ADD COLUMN familiarity TEXT;
      ALTER TABLE evaluations ADD COLUMN bigramLoss REAL;

      CREATE TABLE exports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        checkpoint TEXT NOT NULL,
        format TEXT NOT NULL CHECK (format IN ('onnx', 'safetensors')),
        folder TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        filesJson TEXT NOT NULL,
        comparisonJson TEXT,
        createdAt TEXT NOT NULL
      ) STRICT;
      INSERT INTO changes (noun, count) VALUES ('exports', 0);
      ${countChanges('exports', 'exports')}
    `);
  },
};
