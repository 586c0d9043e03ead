import { forkModule } from '../../../src/main/studio/processes/launcher.ts';
import { startWorker } from '../../../src/main/studio/processes/worker-client.ts';
import type { SpinningProcedures } from './spinning-worker.ts';

/** Has a worker do what its command line says, tells the worker's process id, and is killed then. */
const worker = startWorker<SpinningProcedures>(
  forkModule(new URL('./spinning-worker.ts', import.meta.url)),
  'spinning',
);
const onEvent = (): void => void process.stdout.write(`${worker.pid}\n`);
await (process.argv[2] === 'spin'
  ? worker.call('spin', { milliseconds: 10 * 60_000 }, { onEvent })
  : worker.call('goOn', null, { onEvent }));
