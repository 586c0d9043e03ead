import type { Launcher, WorkerKind, WorkerProcess } from './launcher.ts';

/** A launcher that knows which of its workers live. */
export interface TrackedWorkers {
  readonly launcher: Launcher;
  /** Ends every worker but those of the kinds that are spared. One that is started later is ended as well. */
  readonly endAll: (sparing?: readonly WorkerKind[]) => void;
}

export function trackWorkers(start: Launcher): TrackedWorkers {
  const living = new Map<WorkerProcess, WorkerKind>();
  let spared: readonly WorkerKind[] | undefined;
  const endUnlessSpared = (worker: WorkerProcess, kind: WorkerKind): void => {
    if (spared?.includes(kind) === false) worker.kill();
  };
  return {
    launcher: (kind) => {
      const worker = start(kind);
      living.set(worker, kind);
      worker.onExit(() => void living.delete(worker));
      endUnlessSpared(worker, kind);
      return worker;
    },
    endAll: (sparing = []) => {
      spared = sparing;
      for (const [worker, kind] of living) endUnlessSpared(worker, kind);
    },
  };
}
