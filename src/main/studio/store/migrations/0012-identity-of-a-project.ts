import { identityOfOlderProject } from '../project-identity.ts';
import type { Migration } from './migration.ts';

export const identityOfAProject: Migration = {
  version: 12,
  summary: 'the identity of the project, by which it is told from another in its place',
  up: (database) => {
    database.exec(`ALTER TABLE project ADD COLUMN identity TEXT`);
    const row = database
      .prepare<[], { name: string; createdAt: string }>('SELECT name, createdAt FROM project')
      .get();
    if (row === undefined) return;
    database.prepare('UPDATE project SET identity = ?').run(identityOfOlderProject(row.name, row.createdAt));
  },
};
