import { keepFilesPrivate } from '../file-permissions.ts';
import { openParentChannel, parentOnCommandLine } from './parent-channel.ts';
import { StopRequest } from './stop-request.ts';
import { watchForParent, type WatchdogLimits } from './watchdog.ts';
import { describeFailure } from './worker-failure.ts';
import type { Procedures, WorkerReply, WorkerRequest } from './worker-protocol.ts';

/** What a procedure gets besides its parameters. */
export interface CallContext<Event> {
  /** Aborts when the work is to stop; its reason is a StopRequest. */
  readonly signal: AbortSignal;
  /** Tells the asking process something; does nothing once that process is gone. */
  readonly emit: (event: Event) => void;
}

export type Handlers<P extends Procedures> = {
  readonly [Name in keyof P]: (
    parameters: P[Name]['parameters'],
    context: CallContext<P[Name]['event']>,
  ) => Promise<P[Name]['result']>;
};

/**
 * Makes this process a worker: answers calls over the channel to its parent until that closes. When the asking process
 * disappears, or this one is told to end, work under way is asked to stop with the reason 'abandoned', and the process
 * exits when it has. A Ctrl-C in the terminal reaches the whole group of processes; what it means is the asking process's
 * to decide, so the worker ignores it. A watchdog ends a process that is stuck and whose parent is gone.
 */
export function serveWorker<P extends Procedures>(handlers: Handlers<P>, limits?: WatchdogLimits): void {
  keepFilesPrivate();
  watchForParent(parentOnCommandLine(process.argv), limits);
  const running = new Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const channel = openParentChannel();
  const reply = (message: WorkerReply): void => channel.send(message);

  const start = async (
    id: number,
    procedure: string,
    parameters: unknown,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const handler = handlers[procedure];
      if (handler === undefined) throw new Error(`The worker has no procedure '${procedure}'.`);
      const result = await handler(parameters, {
        signal,
        emit: (event) => reply({ type: 'event', id, event }),
      });
      reply({ type: 'result', id, result });
    } catch (error) {
      reply({ type: 'failure', id, failure: describeFailure(error) });
    } finally {
      running.delete(id);
    }
  };

  channel.onMessage((received) => {
    const message = received as WorkerRequest;
    switch (message.type) {
      case 'call': {
        const stop = new AbortController();
        running.set(message.id, {
          stop,
          done: start(message.id, message.procedure, message.parameters, stop.signal),
        });
        break;
      }
      case 'cancel':
        reply({ type: 'stopping', id: message.id });
        running.get(message.id)?.stop.abort(new StopRequest('requested'));
        break;
      default:
        message satisfies never;
    }
  });

  const abandon = async (): Promise<void> => {
    const calls = [...running.values()];
    for (const { stop } of calls) stop.abort(new StopRequest('abandoned'));
    await Promise.allSettled(calls.map(({ done }) => done));
    process.exit(0);
  };
  channel.onClosed(() => void abandon());
  process.on('SIGTERM', () => void abandon());
  process.on('SIGHUP', () => void abandon());
  process.on('SIGINT', () => undefined);
}
