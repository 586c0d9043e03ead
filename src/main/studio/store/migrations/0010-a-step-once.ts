import type { Migration } from './migration.ts';

export const aStepOnce: Migration = {
  version: 10,
  summary:
    'a step of a run has one evaluation and one sample of the run’s own: one that a resume repeats replaces it',
  up: (database) => {
    database.exec(`
      DELETE FROM evaluations WHERE sequence IS NOT NULL AND EXISTS (
        SELECT 1 FROM evaluations AS later
        WHERE later.runId = evaluations.runId AND later.step = evaluations.step
          AND later.sequence > evaluations.sequence
      );
      CREATE UNIQUE INDEX evaluationsByStep ON evaluations (runId, step) WHERE sequence IS NOT NULL;

      DELETE FROM samples WHERE EXISTS (
        SELECT 1 FROM samples AS later
        WHERE later.runId = samples.runId AND later.step = samples.step AND later.sequence > samples.sequence
      );
      CREATE UNIQUE INDEX samplesByStep ON samples (runId, step);
    `);
  },
};
