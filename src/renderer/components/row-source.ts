import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** Rows fetched at once. */
export const windowRows = 100;
/** Windows kept: those of some screens around. */
const keptWindows = 40;
/** How long a window must stay in view before it is fetched, in milliseconds: what only flies past is not. */
const settleTime = 60;

/** Fetches rows `start` to `start + count`. */
export type FetchRows<Row> = (start: number, count: number, signal: AbortSignal) => Promise<readonly Row[]>;

export interface RowSource<Row> {
  /** The row, or undefined while it is not there yet. */
  readonly row: (index: number) => Row | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

interface Cache<Row> {
  readonly source: string;
  readonly revision: string | undefined;
  readonly windows: Map<number, readonly Row[]>;
}

/**
 * The rows of a list that are looked at, fetched in windows and kept for a while.
 * @param list Says which list it is, and which state of it: with another one everything is fetched anew. Rows of another
 *   state of the same list stay until then.
 */
export function useRowSource<Row>(
  fetchRows: FetchRows<Row>,
  { source, revision }: { readonly source: string; readonly revision: string | undefined },
  count: number,
  first: number,
  end: number,
): RowSource<Row> {
  const cache = useMemo<Cache<Row>>(() => ({ source, revision, windows: new Map() }), [source, revision]);
  const former = useRef<Cache<Row>>(undefined);
  const [, redraw] = useState(0);
  const [error, setError] = useState<unknown>();
  const firstWindow = Math.floor(first / windowRows);
  const lastWindow = Math.floor(Math.max(first, end - 1) / windowRows);

  useEffect(() => {
    if (count === 0) return;
    const missing = Array.from(
      { length: lastWindow - firstWindow + 1 },
      (_, index) => firstWindow + index,
    ).filter((window) => !cache.windows.has(window));
    if (missing.length === 0) return;
    const stop = new AbortController();
    const fetchMissing = async (): Promise<void> => {
      try {
        await Promise.all(
          missing.map(async (window) => {
            const start = window * windowRows;
            const rows = await fetchRows(start, Math.min(windowRows, count - start), stop.signal);
            if (stop.signal.aborted) return;
            keep(cache.windows, window, rows);
            former.current = cache;
            setError(undefined);
            redraw((times) => times + 1);
          }),
        );
      } catch (reason) {
        if (!stop.signal.aborted) setError(reason);
      }
    };
    const timer = setTimeout(() => void fetchMissing(), cache.windows.size === 0 ? 0 : settleTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // A function made anew at each drawing must not fetch anew: what it fetches is what `source` and `revision` say.
  }, [cache, count, firstWindow, lastWindow, error === undefined]);

  const row = useCallback(
    (index: number) => {
      const window = Math.floor(index / windowRows);
      const known =
        cache.windows.get(window) ??
        (former.current?.source === cache.source ? former.current.windows.get(window) : undefined);
      return known?.[index % windowRows];
    },
    [cache],
  );
  return { row, error, retry: () => setError(undefined) };
}

function keep<Row>(windows: Map<number, readonly Row[]>, window: number, rows: readonly Row[]): void {
  windows.set(window, rows);
  const [oldest] = windows.keys();
  if (windows.size > keptWindows && oldest !== undefined) windows.delete(oldest);
}
