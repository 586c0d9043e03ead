import { z } from 'zod';
import type { Store } from './store.ts';

export interface ProjectRow {
  readonly name: string;
  readonly createdAt: string;
  readonly loamVersion: string;
}

export function insertProject(store: Store, project: ProjectRow): void {
  store.run(store.query.insertInto('project').values({ id: 1, ...project }));
}

export function readProject(store: Store): ProjectRow {
  const row = store.first(store.query.selectFrom('project').select(['name', 'createdAt', 'loamVersion']));
  if (row === undefined) throw new Error('The store has no project row.');
  return row;
}

export function setProjectIdentity(store: Store, identity: string): void {
  store.run(store.query.updateTable('project').set({ identity }));
}

export function readProjectIdentity(store: Store): string {
  const row = store.first(store.query.selectFrom('project').select('identity'));
  return z.uuid().parse(row?.identity);
}
