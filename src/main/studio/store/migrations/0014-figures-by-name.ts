import type { Migration } from './migration.ts';

/** A column's value where it is a number; infinity is none in JSON. */
const finite = (column: string): string => `CASE WHEN abs(${column}) < 9e307 THEN ${column} END`;

const earlierFigures = `'perplexity', ${finite('perplexity')}, 'bitsPerByte', ${finite('bitsPerByte')}`;

export const figuresByName: Migration = {
  version: 14,
  summary: 'what an evaluation measures besides the loss stands under names that its objective declares',
  reshapes: ['evaluations'],
  up: (database) => {
    database.exec(`
      ALTER TABLE evaluations ADD COLUMN objective TEXT NOT NULL DEFAULT 'next-token';
      ALTER TABLE evaluations ADD COLUMN figuresJson TEXT NOT NULL DEFAULT '{}';
      UPDATE evaluations SET figuresJson = CASE
        WHEN bigramLoss IS NULL THEN json_object(${earlierFigures})
        ELSE json_object(${earlierFigures}, 'bigramLoss', ${finite('bigramLoss')})
      END;
      ALTER TABLE evaluations DROP COLUMN perplexity;
      ALTER TABLE evaluations DROP COLUMN bitsPerByte;
      ALTER TABLE evaluations DROP COLUMN bigramLoss;
      ALTER TABLE evaluations RENAME COLUMN tokens TO predictions;
    `);
  },
};
