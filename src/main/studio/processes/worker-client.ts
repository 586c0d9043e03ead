import { LoamError } from '../../../shared/errors.ts';
import type { WorkerExit, WorkerProcess } from './launcher.ts';
import { StopRequest } from './stop-request.ts';
import type { Procedures, WorkerReply, WorkerRequest } from './worker-protocol.ts';
import { restoreFailure } from './worker-failure.ts';

export interface CallOptions<Event> {
  readonly onEvent?: (event: Event) => void;
  /**
   * Asks the worker to stop this call; it ends by itself, with a result or an error. A worker that does not even hear the
   * request within `patience` is ended: its event loop is stuck. Asked for nothing, it may compute as long as it likes.
   */
  readonly signal?: AbortSignal;
  /** In milliseconds; a minute unless said. */
  readonly patience?: number;
}

/** A stretch of work without a turn of the event loop is far shorter than this, in milliseconds. */
const usualPatience = 60_000;
/** How long a worker may take to exit once it is asked to, in milliseconds. What it does then is worth nothing any more. */
const closingPatience = 5000;

/** A running worker and what it can be asked. */
export interface WorkerClient<P extends Procedures> {
  readonly pid: number | undefined;
  /**
   * Has the worker do something.
   * @throws LoamError from the worker, or one of kind 'environment' when its process ends before it answers.
   */
  call<Name extends keyof P & string>(
    name: Name,
    parameters: P[Name]['parameters'],
    options?: CallOptions<P[Name]['event']>,
  ): Promise<P[Name]['result']>;
  /**
   * Asks the worker to finish and exit; resolves when it has. One that has not after five seconds is ended. Calls under way
   * fail as interrupted.
   */
  close(): Promise<void>;
  /** Ends it at once. Calls under way fail. */
  readonly kill: () => void;
}

export interface WorkerClientOptions {
  /** How long `close` waits before the process is ended, in milliseconds. */
  readonly closingPatience?: number;
}

interface PendingCall {
  /** The call was asked to stop, and the worker has heard it. */
  readonly heard: () => void;
  readonly onEvent: (event: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Speaks with a worker process that has just been started.
 * @param title what the worker is to a person: "training", "writing".
 */
export function startWorker<P extends Procedures>(
  child: WorkerProcess,
  title: string,
  options: WorkerClientOptions = {},
): WorkerClient<P> {
  const calls = new Map<number, PendingCall>();
  let lastId = 0;
  let ended: WorkerExit | undefined;
  /** Why the process is being ended from here. */
  let ending: 'closed' | 'stuck' | undefined;

  const endOf = (exit: WorkerExit): LoamError => {
    switch (ending) {
      case 'closed':
        return new StopRequest('requested');
      case 'stuck':
        return endedStuck(title);
      case undefined:
        return unexpectedEnd(title, exit);
      default:
        return ending satisfies never;
    }
  };
  const exited = new Promise<void>((resolve) => {
    child.onExit((exit) => {
      ended = exit;
      for (const call of calls.values()) call.reject(endOf(exit));
      calls.clear();
      resolve();
    });
  });

  child.onMessage((message) => {
    const reply = message as WorkerReply;
    const call = calls.get(reply.id);
    if (call === undefined) return;
    switch (reply.type) {
      case 'stopping':
        call.heard();
        return;
      case 'event':
        call.onEvent(reply.event);
        return;
      case 'result':
        calls.delete(reply.id);
        call.resolve(reply.result);
        return;
      case 'failure':
        calls.delete(reply.id);
        call.reject(restoreFailure(reply.failure));
        return;
      default:
        reply satisfies never;
    }
  });

  return {
    // Electron knows it only once the process has been started.
    get pid() {
      return child.pid;
    },
    call: (name, parameters, { onEvent = () => undefined, signal, patience = usualPatience } = {}) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(endOf(ended));
          return;
        }
        const id = ++lastId;
        let listening: NodeJS.Timeout | undefined;
        const cancel = (): void => {
          child.send({ type: 'cancel', id } satisfies WorkerRequest);
          listening = setTimeout(() => {
            ending ??= 'stuck';
            child.kill();
          }, patience).unref();
        };
        const settle =
          <Value>(pass: (value: Value) => void) =>
          (value: Value): void => {
            signal?.removeEventListener('abort', cancel);
            clearTimeout(listening);
            pass(value);
          };
        calls.set(id, {
          heard: () => clearTimeout(listening),
          onEvent,
          resolve: settle(resolve),
          reject: settle(reject),
        });
        child.send({ type: 'call', id, procedure: name, parameters } satisfies WorkerRequest);
        if (signal?.aborted === true) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      }),
    close: async () => {
      if (ended !== undefined) return;
      ending ??= 'closed';
      child.askToEnd();
      const deadline = setTimeout(() => child.kill(), options.closingPatience ?? closingPatience);
      await exited;
      clearTimeout(deadline);
    },
    kill: () => child.kill(),
  };
}

function endedStuck(title: string): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: `The ${title} process did not hear that it was to stop, and was ended.`,
    remedy: 'What was saved is not affected. Start it again when you like.',
  });
}

function unexpectedEnd(title: string, { code, signal, lastWords }: WorkerExit): LoamError {
  if (lastWords.includes('JavaScript heap out of memory'))
    return new LoamError(
      {
        kind: 'environment',
        what: `The ${title} process was ended unexpectedly: it needed more memory than it may take.`,
        remedy:
          'What was saved is not affected. If a file from elsewhere was being read or used, it asks for far more than such files do: take another.',
      },
      { cause: new Error(lastWords) },
    );
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by the signal ${signal}`;
  return new LoamError(
    {
      kind: 'environment',
      what: `The ${title} process was ended unexpectedly, ${how}${signal === 'SIGKILL' ? ' (often because the machine ran out of memory)' : ''}.`,
      remedy:
        'What was saved is not affected. If it happens again, choose a smaller model or batch, or look at the end of the log.',
    },
    lastWords === '' ? {} : { cause: new Error(lastWords) },
  );
}

/**
 * Has a worker that was just started do some work; its process ends with it.
 * @param title what the worker is to a person: "training", "writing".
 */
export async function withWorker<P extends Procedures, Result>(
  process: WorkerProcess,
  title: string,
  work: (worker: WorkerClient<P>) => Promise<Result>,
): Promise<Result> {
  const worker = startWorker<P>(process, title);
  try {
    return await work(worker);
  } finally {
    await worker.close();
  }
}
