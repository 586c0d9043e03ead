import { serveWorker } from '../../../src/main/studio/processes/worker-server.ts';

export type SpinningProcedures = {
  /** Holds the event loop for so many milliseconds. */
  readonly spin: {
    readonly parameters: { readonly milliseconds: number };
    readonly event: 'begins';
    readonly result: string;
  };
  /** Never ends, whatever it is asked. */
  readonly goOn: { readonly parameters: null; readonly event: 'begins'; readonly result: never };
};

/** A worker whose work does not heed anything, for tests of what ends it. */
serveWorker<SpinningProcedures>(
  {
    spin: async ({ milliseconds }, { emit }) => {
      emit('begins');
      // The event is on its way only once the event loop has turned.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
      return 'done';
    },
    goOn: async (_nothing, { emit }) => {
      emit('begins');
      setInterval(() => undefined, 1000);
      return new Promise(() => undefined);
    },
  },
  { silence: 1, ending: 2 },
);
