/** Work whose results are kept by name, and that several may wait for at once. */
export interface SharedWork<Result> {
  /**
   * The result of a name's work, which is done once. It is stopped when all who wait for it have gone.
   * @throws what the work throws, or the signal's reason.
   */
  get(name: string, work: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** The same for a result that is to be let go of only when nobody uses it: it stays for as long as `use` takes. */
  use<Outcome>(
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
    use: (result: Result) => Promise<Outcome>,
    signal?: AbortSignal,
  ): Promise<Outcome>;
}

interface Entry<Result> {
  readonly stop: AbortController;
  readonly result: Promise<Result>;
  waiting: number;
  /** Those who wait for it and those who use it. */
  users: number;
  settled: boolean;
  dropped: boolean;
}

/**
 * @param kept how many results are kept; the one that was asked for longest ago goes first.
 * @param onDrop is given each result that is let go, once nobody uses it any more.
 */
export function createSharedWork<Result>(
  kept: number,
  onDrop: (result: Result) => void = () => undefined,
): SharedWork<Result> {
  const entries = new Map<string, Entry<Result>>();

  const begin = (name: string, work: (signal: AbortSignal) => Promise<Result>): Entry<Result> => {
    const stop = new AbortController();
    const entry: Entry<Result> = {
      stop,
      result: work(stop.signal),
      waiting: 0,
      users: 0,
      settled: false,
      dropped: false,
    };
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
    for (const [other, old] of entries) {
      if (entries.size <= kept) break;
      if (other === name || !old.settled) continue;
      entries.delete(other);
      old.dropped = true;
      letGo(old);
    }
    return entry;
  };

  const letGo = ({ dropped, users, result }: Entry<Result>): void => {
    if (dropped && users === 0) void result.then(onDrop);
  };

  const find = (name: string, work: (signal: AbortSignal) => Promise<Result>): Entry<Result> => {
    const known = entries.get(name);
    if (known === undefined || known.stop.signal.aborted) return begin(name, work);
    entries.delete(name);
    entries.set(name, known);
    return known;
  };

  const wait = async (entry: Entry<Result>, signal: AbortSignal | undefined): Promise<Result> => {
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
  };

  const use: SharedWork<Result>['use'] = async (name, work, useIt, signal) => {
    signal?.throwIfAborted();
    const entry = find(name, work);
    entry.users += 1;
    try {
      return await useIt(await wait(entry, signal));
    } finally {
      entry.users -= 1;
      letGo(entry);
    }
  };

  return { use, get: (name, work, signal) => use(name, work, async (result) => result, signal) };
}
