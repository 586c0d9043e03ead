import { z } from 'zod';
import type { Insertable } from 'kysely';
import { exportComparisonSchema } from '../../../shared/exports/export.ts';
import type { Store } from './store.ts';
import type { ExportTable } from './tables.ts';

/** The exports that were made, newest first. */
export function listExportRows(store: Store) {
  return store
    .all(store.query.selectFrom('exports').selectAll().orderBy('id', 'desc'))
    .map(({ filesJson, comparisonJson, ...row }) => ({
      ...row,
      files: z.array(z.string()).parse(JSON.parse(filesJson)),
      comparison:
        comparisonJson === null ? undefined : exportComparisonSchema.parse(JSON.parse(comparisonJson)),
    }));
}

/** Keeps an export; an earlier one in the same folder was replaced by it. */
export function insertExport(store: Store, row: Readonly<Insertable<ExportTable>>): void {
  store.transaction(() => {
    store.run(store.query.deleteFrom('exports').where('folder', '=', row.folder));
    store.run(store.query.insertInto('exports').values(row));
  });
}

export function deleteExportRow(store: Store, id: number): void {
  store.run(store.query.deleteFrom('exports').where('id', '=', id));
}
