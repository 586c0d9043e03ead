import { LoamError } from '../../../src/shared/errors.ts';
import { appendFileSync } from 'node:fs';
import { stopReason } from '../../../src/main/studio/processes/stop-request.ts';
import { serveWorker } from '../../../src/main/studio/processes/worker-server.ts';

export type EchoProcedures = {
  readonly echo: { readonly parameters: unknown; readonly event: unknown; readonly result: unknown };
  readonly refuse: { readonly parameters: string; readonly event: never; readonly result: never };
  readonly break: { readonly parameters: string; readonly event: never; readonly result: never };
  readonly waitForStop: {
    readonly parameters: { readonly file: string };
    readonly event: 'ready';
    readonly result: string;
  };
  readonly fillMemory: { readonly parameters: null; readonly event: never; readonly result: never };
  readonly crash: { readonly parameters: null; readonly event: never; readonly result: never };
};

/** A worker that does nothing but answer, for tests of the channel. */
serveWorker<EchoProcedures>({
  echo: async (parameters, { emit }) => {
    emit(parameters);
    emit(parameters);
    return parameters;
  },
  refuse: async (what) => {
    throw new LoamError({ kind: 'input', where: 'a file', what, remedy: 'Try another.' });
  },
  fillMemory: async () => {
    const texts: string[][] = [];
    for (;;) texts.push(Array.from({ length: 100_000 }, (_, index) => `${texts.length} ${index}`));
  },
  break: async (message) => {
    throw new Error(message);
  },
  waitForStop: async ({ file }, { signal, emit }) => {
    emit('ready');
    await new Promise((resolve) => {
      const pulse = setInterval(() => undefined, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(pulse);
        resolve(undefined);
      });
    });
    appendFileSync(file, stopReason(signal));
    return stopReason(signal);
  },
  crash: async () => process.abort(),
});
