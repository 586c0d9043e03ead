import { LoamError } from '../../../shared/errors.ts';
import type { WorkerExit, WorkerProcess } from './launcher.ts';
import type { Procedures, WorkerReply, WorkerRequest } from './worker-protocol.ts';
import { restoreFailure } from './worker-failure.ts';

export interface CallOptions<Event> {
  readonly onEvent?: (event: Event) => void;
  /** Asks the worker to stop this call; it ends by itself, with a result or an error. */
  readonly signal?: AbortSignal;
}

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
  /** Lets the worker finish and exit; resolves when it has. */
  close(): Promise<void>;
  /** Ends it at once. Calls under way fail. */
  readonly kill: () => void;
}

interface PendingCall {
  readonly onEvent: (event: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Speaks with a worker process that has just been started.
 * @param title what the worker is to a person: "training", "writing".
 */
export function startWorker<P extends Procedures>(child: WorkerProcess, title: string): WorkerClient<P> {
  const calls = new Map<number, PendingCall>();
  let lastId = 0;
  let ended: WorkerExit | undefined;

  const exited = new Promise<void>((resolve) => {
    child.onExit((exit) => {
      ended = exit;
      for (const call of calls.values()) call.reject(unexpectedEnd(title, exit));
      calls.clear();
      resolve();
    });
  });

  child.onMessage((message) => {
    const reply = message as WorkerReply;
    const call = calls.get(reply.id);
    if (call === undefined) return;
    switch (reply.type) {
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
    call: (name, parameters, { onEvent = () => undefined, signal } = {}) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(unexpectedEnd(title, ended));
          return;
        }
        const id = ++lastId;
        const cancel = (): void => child.send({ type: 'cancel', id } satisfies WorkerRequest);
        const settle =
          <Value>(pass: (value: Value) => void) =>
          (value: Value): void => {
            signal?.removeEventListener('abort', cancel);
            pass(value);
          };
        calls.set(id, {
          onEvent,
          resolve: settle(resolve),
          reject: settle(reject),
        });
        child.send({ type: 'call', id, procedure: name, parameters } satisfies WorkerRequest);
        if (signal?.aborted === true) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      }),
    close: () => {
      child.disconnect();
      return exited;
    },
    kill: () => child.kill(),
  };
}

function unexpectedEnd(title: string, { code, signal, lastWords }: WorkerExit): LoamError {
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
