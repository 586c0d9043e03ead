import { normalizedName } from '../../../shared/names.ts';
import type { Store } from './store.ts';

/** Tables whose rows a person names. */
type NamedTable = 'datasets' | 'tokenizers' | 'runs' | 'importedModels';

/**
 * A name as a table has it, or in NFC where it has none. Names are kept in NFC; one that an earlier version kept in another
 * form, as macOS writes the names of folders, stays as it is, since its folder is called so, and is found by any spelling.
 */
export function spellingOfName(store: Store, table: NamedTable, name: string): string {
  const wanted = normalizedName(name);
  const kept = store.query.selectFrom(table).select('name');
  for (const spelling of new Set([name, wanted]))
    if (store.first(kept.where('name', '=', spelling).limit(1)) !== undefined) return spelling;
  // Only a name that is in neither form is worth reading them all.
  return store.all(kept.distinct()).find((row) => normalizedName(row.name) === wanted)?.name ?? wanted;
}
