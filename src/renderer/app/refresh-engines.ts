import type { QueryClient } from '@tanstack/react-query';
import { api } from './client.ts';

/** Has fetched anew what rests on which engines there are, how fast they are here, and which is the usual one. */
export function refreshEngines(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: api.engines.list.key() });
  // A plan that names no engine is reckoned with the usual one.
  void queries.invalidateQueries({ queryKey: api.runs.estimate.key() });
}
