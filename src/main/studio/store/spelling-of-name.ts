import { normalizedName } from '../../../shared/names.ts';
import type { Store } from './store.ts';

/** Tables whose rows a person names. */
type NamedTable = 'datasets' | 'tokenizers' | 'runs' | 'importedModels';

/**
 * A name as a table has it. Names are kept in NFC; one that an earlier version kept in another form, as macOS writes the names
 * of folders, stays as it is, since its folder is called so, and is found by any spelling.
 */
export function spellingOfName(store: Store, table: NamedTable, name: string): string {
  const wanted = normalizedName(name);
  const names = store.all(store.query.selectFrom(table).select('name').distinct()).map((row) => row.name);
  return names.includes(wanted) ? wanted : (names.find((each) => normalizedName(each) === wanted) ?? wanted);
}
