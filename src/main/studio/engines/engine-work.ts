import type { EngineWork } from '../../../shared/engines/contract.ts';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import { LoamError } from '../../../shared/errors.ts';
import { describeFailure } from '../jobs/worker-failure.ts';

/** Work on the engines of this machine, which belong to no project: one at a time, told to whoever asks. */
export interface EngineWorkshop {
  /** @throws LoamError while other work is under way */
  start(
    kind: EngineWork['kind'],
    work: (context: {
      readonly signal: AbortSignal;
      readonly report: (progress: JobProgress) => void;
    }) => Promise<unknown>,
  ): void;
  current(): EngineWork | undefined;
  cancel(): void;
  /** Cancels what is under way and waits for it. */
  close(): Promise<void>;
}

export function createEngineWorkshop(): EngineWorkshop {
  let current: EngineWork | undefined;
  let stop = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  const end = (change: Pick<EngineWork, 'status' | 'error'>): void => {
    if (current !== undefined) current = { ...current, ...change };
  };
  return {
    start: (kind, work) => {
      if (current?.status === 'running')
        throw new LoamError({
          kind: 'input',
          what: 'Engines are being installed or measured now.',
          remedy: 'Wait for that, or stop it.',
        });
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
    current: () => current,
    cancel: () => stop.abort(),
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}
