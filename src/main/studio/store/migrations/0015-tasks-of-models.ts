import type { Migration } from './migration.ts';

export const tasksOfModels: Migration = {
  version: 15,
  summary: 'what imported models can be used for',
  up: (database) => {
    // All that could be imported until now write text.
    database.exec(`
      ALTER TABLE importedModels ADD COLUMN tasksJson TEXT NOT NULL DEFAULT '["generate"]';
    `);
  },
};
