/** Work whose results are kept by name, and that several may wait for at once. */
export interface SharedWork<Result> {
  /**
   * The result of a name's work, which is done once. It is stopped when all who wait for it have gone.
   * @throws what the work throws, or the signal's reason.
   */
  get(name: string, work: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

interface Entry<Result> {
  readonly stop: AbortController;
  readonly result: Promise<Result>;
  waiting: number;
  settled: boolean;
}

/**
 * @param kept how many results are kept; the one that was asked for longest ago goes first.
 * @param onDrop is given each result that is let go.
 */
export function createSharedWork<Result>(
  kept: number,
  onDrop: (result: Result) => void = () => undefined,
): SharedWork<Result> {
  const entries = new Map<string, Entry<Result>>();

  const begin = (name: string, work: (signal: AbortSignal) => Promise<Result>): Entry<Result> => {
    const stop = new AbortController();
    const entry: Entry<Result> = { stop, result: work(stop.signal), waiting: 0, settled: false };
    const follow = async (): Promise<void> => {
      try {
        await entry.result;
        entry.settled = true;
      } catch {
        // What failed or was stopped is done anew when it is asked for again; who waits for it hears of the failure.
        if (entries.get(name) === entry) entries.delete(name);
      }
    };
    void follow();
    entries.set(name, entry);
    for (const [other, { settled, result }] of entries) {
      if (entries.size <= kept) break;
      if (other === name || !settled) continue;
      entries.delete(other);
      void result.then(onDrop);
    }
    return entry;
  };

  return {
    get: async (name, work, signal) => {
      signal?.throwIfAborted();
      const known = entries.get(name);
      const entry = known === undefined || known.stop.signal.aborted ? begin(name, work) : known;
      if (known === entry) {
        entries.delete(name);
        entries.set(name, entry);
      }
      entry.waiting += 1;
      const leave = (): void => {
        entry.waiting -= 1;
        if (entry.waiting === 0 && !entry.settled) entry.stop.abort(signal?.reason);
      };
      let left = false;
      const onAbort = (): void => {
        left = true;
        leave();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await entry.result;
      } finally {
        signal?.removeEventListener('abort', onAbort);
        if (!left) leave();
      }
    },
  };
}
