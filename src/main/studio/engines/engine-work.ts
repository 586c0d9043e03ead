import type { EngineWork } from '../../../shared/engines/contract.ts';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import { LoamError } from '../../../shared/errors.ts';
import { describeFailure } from '../processes/worker-failure.ts';

/** Work on the engines of this machine, which belong to no project: one at a time, told to whoever asks. */
export interface EngineTasks {
  /** @throws LoamError while work is under way */
  requireIdle(): void;
  /** @throws LoamError while other work is under way */
  start(
    kind: EngineWork['kind'],
    work: (context: {
      readonly signal: AbortSignal;
      readonly report: (progress: JobProgress) => void;
    }) => Promise<unknown>,
  ): void;
  /**
   * Does short work beside which none other is begun, and which leaves nothing to tell: how the last work ended is
   * forgotten when it is done.
   * @throws LoamError while other work is under way
   */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  current(): EngineWork | undefined;
  cancel(): void;
  /** Cancels what is under way and waits for it. */
  close(): Promise<void>;
}

export function createEngineTasks(): EngineTasks {
  let current: EngineWork | undefined;
  let stop = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  const end = (change: Pick<EngineWork, 'status' | 'error'>): void => {
    if (current !== undefined) current = { ...current, ...change };
  };
  let alone = false;
  const requireIdle = (): void => {
    if (alone || current?.status === 'running')
      throw new LoamError({
        kind: 'input',
        what: alone ? 'An engine is being removed now.' : 'Engines are being installed or measured now.',
        remedy: alone ? 'Wait for that.' : 'Wait for that, or stop it.',
      });
  };
  return {
    requireIdle,
    start: (kind, work) => {
      requireIdle();
      stop = new AbortController();
      const { signal } = stop;
      current = { kind, status: 'running', progress: { stage: 'Beginning' } };
      const report = (progress: JobProgress): void => {
        if (current?.status === 'running') current = { ...current, progress };
      };
      ended = (async () => {
        try {
          await work({ signal, report });
          end({ status: 'completed' });
        } catch (error) {
          const failure = describeFailure(error);
          if (signal.aborted) end({ status: 'cancelled' });
          else
            end({
              status: 'failed',
              error:
                failure.kind === 'account'
                  ? failure.account
                  : {
                      kind: 'environment',
                      what: failure.message,
                      remedy: 'Nothing was changed. Try it again.',
                    },
            });
        }
      })();
    },
    alone: async (work) => {
      requireIdle();
      alone = true;
      const done = Promise.withResolvers<undefined>();
      ended = done.promise;
      try {
        const result = await work();
        current = undefined;
        return result;
      } finally {
        alone = false;
        done.resolve(undefined);
      }
    },
    current: () => current,
    cancel: () => stop.abort(),
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}
