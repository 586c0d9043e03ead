import type { Insertable, Selectable } from 'kysely';
import { spellingOfName } from './spelling-of-name.ts';
import type { Store } from './store.ts';
import type { ImportedModelTable } from './tables.ts';

export type ImportedModelRow = Readonly<Selectable<ImportedModelTable>>;

/** The imported models, newest first. */
export function listImportedModels(store: Store): readonly ImportedModelRow[] {
  return store.all(store.query.selectFrom('importedModels').selectAll().orderBy('id', 'desc'));
}

export function findImportedModel(store: Store, name: string): ImportedModelRow | undefined {
  return store.first(
    store.query
      .selectFrom('importedModels')
      .selectAll()
      .where('name', '=', spellingOfName(store, 'importedModels', name)),
  );
}

export function insertImportedModel(store: Store, model: Readonly<Insertable<ImportedModelTable>>): void {
  store.run(store.query.insertInto('importedModels').values(model));
}

export function labelImportedModel(store: Store, name: string, label: string | null): void {
  store.run(
    store.query
      .updateTable('importedModels')
      .set({ label })
      .where('name', '=', spellingOfName(store, 'importedModels', name)),
  );
}

export function deleteImportedModelRow(store: Store, name: string): void {
  store.run(
    store.query
      .deleteFrom('importedModels')
      .where('name', '=', spellingOfName(store, 'importedModels', name)),
  );
}
