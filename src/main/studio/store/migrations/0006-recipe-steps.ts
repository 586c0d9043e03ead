import { createHash } from 'node:crypto';
import type { Migration } from './migration.ts';

export const recipeSteps: Migration = {
  version: 6,
  summary:
    'each step of a recipe once, however many states of however many recipes hold it; recipes that were trained on stay',
  up: (database) => {
    database.exec(`
      CREATE TABLE recipeSteps (
        id INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
        stepJson TEXT NOT NULL
      ) STRICT;

      CREATE TABLE recipeStates (
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        stepIdsJson TEXT NOT NULL,
        createdAt TEXT NOT NULL,
        PRIMARY KEY (datasetId, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE keptRecipes (
        datasetId INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        datasetHash TEXT NOT NULL,
        stepIdsJson TEXT NOT NULL,
        PRIMARY KEY (datasetId, datasetHash)
      ) STRICT, WITHOUT ROWID;
    `);
    const addStep = database.prepare(
      'INSERT INTO recipeSteps (hash, stepJson) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    const findStep = database.prepare<[string], number>('SELECT id FROM recipeSteps WHERE hash = ?').pluck();
    const addState = database.prepare(
      'INSERT INTO recipeStates (datasetId, position, stepIdsJson, createdAt) VALUES (?, ?, ?, ?)',
    );
    const idOf = (step: unknown): number => {
      const stepJson = JSON.stringify(step);
      const hash = createHash('sha256').update(stepJson).digest('hex');
      addStep.run(hash, stepJson);
      return findStep.get(hash) ?? 0;
    };
    interface OldState {
      readonly datasetId: number;
      readonly position: number;
      readonly recipeJson: string;
      readonly createdAt: string;
    }
    const places = database
      .prepare<[], Pick<OldState, 'datasetId' | 'position'>>('SELECT datasetId, position FROM datasetRecipes')
      .all();
    const readState = database.prepare<[number, number], OldState>(
      'SELECT * FROM datasetRecipes WHERE datasetId = ? AND position = ?',
    );
    // One at a time: all states together may be larger than the memory.
    for (const place of places) {
      const state = readState.get(place.datasetId, place.position);
      if (state === undefined) continue;
      const steps = JSON.parse(state.recipeJson) as readonly unknown[];
      addState.run(state.datasetId, state.position, JSON.stringify(steps.map(idOf)), state.createdAt);
    }
    database.exec('DROP TABLE datasetRecipes');
  },
};
